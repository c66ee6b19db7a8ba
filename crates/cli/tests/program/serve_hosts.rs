//! `wellspring serve` and `demo`: where they listen, and which hosts they answer for.
//!
//! Next: `serve_publish.rs`.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};

use wellspring_testkit::tool;

use crate::http::Server;
use crate::support::{Program, Run, command_of, wellspring};

fn is(answer: &str, status: &str, says: &str) {
    let start = format!("HTTP/1.1 {status} ");
    assert!(
        answer.starts_with(&start) && answer.contains(says),
        "{answer}"
    );
}

/// The answer to a request with these lines after its first, up to the end of its head and what came
/// with it.
async fn ask(server: &Server, path: &str, lines: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{lines}\r\n");
    server.send(request).await.until("\r\n\r\n").await
}

#[tokio::test]
async fn a_page_under_a_name_of_its_own_reads_nothing() {
    let mut server = Server::start(&[]).await;
    server.write("secret\n").await;
    for path in [
        "/", "/events", "/healthz", "/metrics", "/page.js", "/nothing",
    ] {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
        ] {
            let answer = ask(&server, path, &format!("Host: {host}\r\n")).await;
            is(&answer, "421", "\r\n\r\n");
        }
    }
    let lines = "GET /events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    let answer = server.send(lines).await.rest().await;
    is(&answer, "421", "--allow-host evil.example\n");
    let port = server.address.port();
    for host in [
        "localhost",
        "app.localhost",
        "127.0.0.1",
        "[::1]",
        "192.0.2.7",
    ] {
        let answer = ask(&server, "/events", &format!("Host: {host}:{port}\r\n")).await;
        is(&answer, "200", "text/event-stream");
    }
}

#[tokio::test]
async fn a_request_says_one_host() {
    let server = Server::start(&["--allow-host", "app.example"]).await;
    for lines in [
        "",
        "Host: localhost\r\nHost: localhost\r\n",
        "Host: localhost\r\nHost: app.example\r\n",
        "Host: me@localhost\r\n",
        "Host: two words\r\n",
    ] {
        is(&ask(&server, "/", lines).await, "400", "");
    }
    for target in ["http://evil.example/events", "http://localhost/events"] {
        let answer = ask(&server, target, "Host: evil.example\r\n").await;
        is(&answer, "421", "");
    }
    let answer = ask(&server, "http://evil.example/events", "Host: localhost\r\n").await;
    is(&answer, "421", "");
    // Browsers do not speak HTTP/1.0, which has no Host.
    let old = server.send("GET /healthz HTTP/1.0\r\n\r\n").await;
    let answer = old.rest().await;
    assert!(answer.contains(" 200 "), "{answer}");
}

#[tokio::test]
async fn hosts_can_be_named_and_a_token_makes_any_good() {
    let options = ["--allow-host", "App.example", "--allow-host", "b.example"];
    let named = Server::start(&options).await;
    for host in ["app.example", "b.example:8443", "APP.example.", "localhost"] {
        is(
            &ask(&named, "/", &format!("Host: {host}\r\n")).await,
            "200",
            "",
        );
    }
    is(&ask(&named, "/", "Host: c.example\r\n").await, "421", "");
    let token = Server::start(&["--token", "t"]).await;
    is(&ask(&token, "/", "Host: c.example\r\n").await, "200", "");
    is(
        &ask(&token, "/events", "Host: c.example\r\n").await,
        "401",
        "",
    );
    let run = wellspring(&["serve", "--allow-host", "https://a.example"]).await;
    run.fails(2, &["--allow-host", "no scheme, port or path"]);
}

#[tokio::test]
async fn a_demo_answers_to_its_own_names_too() {
    let mut demo = Program::start(&["demo", "--port", "0", "--allow-host", "app.example"]);
    let page = demo.line().await.unwrap();
    let origin = page.strip_prefix("The page    ").unwrap();
    let address = origin.trim_start_matches("http://").trim_end_matches('/');
    for (path, host, status) in [
        ("/", "evil.example", "421"),
        ("/ten", "evil.example", "421"),
        ("/api/v1/sse", "evil.example", "421"),
        ("/api/v1/sse", "app.example", "200"),
        ("/", "localhost", "200"),
    ] {
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        tokio::io::AsyncWriteExt::write_all(&mut socket, request.as_bytes())
            .await
            .unwrap();
        let answer = crate::http::Client { socket }.until("\r\n\r\n").await;
        is(&answer, status, "");
    }
}

/// What curl prints of its answer: the version of HTTP and the status.
async fn curl(curl: &std::path::Path, server: &Server, host: &str) -> String {
    let port = server.address.port();
    let url = format!("https://{host}:{port}/healthz");
    let to = format!("::127.0.0.1:{port}");
    let arguments = [
        "-sk",
        "--noproxy",
        "*",
        "-o",
        "/dev/null",
        "--connect-to",
        &to,
    ];
    let print = ["-w", "%{http_version} %{http_code}", &url];
    let arguments = [&arguments[..], &print].concat();
    let run: Run = Program::spawn(command_of(curl.to_str().unwrap(), &arguments))
        .end()
        .await;
    run.stdout
}

#[tokio::test]
async fn over_http2_the_authority_is_the_host() {
    let Some(program) = tool("curl") else { return };
    let options = ["--tls-self-signed", "--allow-host", "app.example"];
    let server = Server::start(&options).await;
    assert_eq!(curl(&program, &server, "evil.example").await, "2 421");
    assert_eq!(curl(&program, &server, "app.example").await, "2 200");
    assert_eq!(curl(&program, &server, "localhost").await, "2 200");
}

#[tokio::test]
async fn localhost_is_both_families() {
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    for host in ["localhost", "app.localhost"] {
        let program = Program::start(&["serve", "--host", host, "--port", "0"]);
        let server = Server::introduced(program).await;
        let (_, port) = server.origin.rsplit_once(':').unwrap();
        assert_eq!(server.origin, format!("http://{host}:{port}"));
        let port = port.parse().unwrap();
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        if has_ipv6 {
            TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
        }
        is(
            &ask(&server, "/", "Host: evil.example\r\n").await,
            "421",
            "",
        );
    }
}

#[tokio::test]
async fn a_port_that_is_taken_in_one_family_is_taken() {
    let Ok(taken) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        return;
    };
    let port = taken.local_addr().unwrap().port().to_string();
    let run = wellspring(&["serve", "--host", "localhost", "--port", &port]).await;
    run.fails(1, &[&format!("port {port} on localhost is taken")]);
}

#[tokio::test]
async fn a_host_that_makes_no_sense_is_an_error() {
    for host in ["localhost:80", "http://a", "", "a b"] {
        let run = wellspring(&["serve", "--host", host, "--port", "0"]).await;
        run.fails(2, &["neither an IP address nor a host name"]);
    }
    let run = wellspring(&["serve", "--host", "no.such.invalid", "--port", "0"]).await;
    run.fails(1, &["--host no.such.invalid: no address found"]);
}

#[tokio::test]
async fn a_server_on_every_address_says_who_can_read_and_where() {
    let mut open = Program::start(&["serve", "--host", "0.0.0.0", "--port", "0"]);
    let note = open.note().await;
    assert!(
        note.contains("every machine on the network can read"),
        "{note}"
    );
    assert!(note.contains("--token"), "{note}");
    let mut lines = Vec::new();
    while !lines
        .last()
        .is_some_and(|line: &String| line.starts_with("Ctrl-C"))
    {
        lines.push(open.line().await.unwrap());
    }
    let page = lines[0]
        .strip_prefix("The page    http://localhost:")
        .unwrap();
    let port = page.trim_end_matches('/');
    let own = if_addrs::get_if_addrs()
        .unwrap()
        .into_iter()
        .map(|own| own.ip());
    let mut own = own.filter(|ip| ip.is_ipv4() && !ip.is_loopback());
    assert!(
        own.all(|ip| {
            let line = format!("Also at     http://{ip}:{port}/");
            ip.to_string().starts_with("169.254.") || lines.contains(&line)
        }),
        "{lines:?}"
    );

    // Neither with a token nor on loopback.
    for options in [
        &["--host", "0.0.0.0", "--token", "t"][..],
        &["--host", "127.0.0.1"],
    ] {
        let options = [&["serve", "--port", "0", "--exit-on-eof"], options].concat();
        let mut quiet = Program::start(&options);
        quiet.close_stdin();
        let run = quiet.end().await;
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    }
}
