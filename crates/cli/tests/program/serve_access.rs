//! `wellspring serve`: who may read, and what is there beside the stream.
//!
//! Next: `serve_publish.rs`.

use crate::http::Server;
use crate::support::{Program, command, wellspring};

fn is(answer: &str, status: &str, has: &[&str]) {
    let start = format!("HTTP/1.1 {status} ");
    assert!(answer.starts_with(&start), "{answer}");
    for part in has {
        assert!(answer.contains(part), "{part:?} is not in {answer}");
    }
}

#[tokio::test]
async fn readers_need_the_token() {
    let mut server = Server::start(&["--token", "s3cret"]).await;
    server.write("a\n").await;
    for (path, headers) in [
        ("/events", ""),
        ("/events", "Authorization: Bearer wrong\r\n"),
        ("/events", "Authorization: Bearer s3crets3cret\r\n"),
        ("/events", "Authorization: Basic s3cret\r\n"),
        ("/events?token=", ""),
        ("/events?token=s3cre", ""),
        ("/events?Token=s3cret", ""),
        ("/metrics", ""),
    ] {
        let answer = server.ask(&format!("GET {path}"), headers).await;
        is(&answer, "401", &["www-authenticate: Bearer ", "?token=T\n"]);
    }
    for (path, headers) in [
        ("/events", "Authorization: Bearer s3cret\r\n"),
        ("/events", "authorization: bearer s3cret\r\n"),
        ("/events?token=s3cret", ""),
        (
            "/events?a=b&token=s3%63ret",
            "Authorization: Basic eDp5\r\n",
        ),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        let text = server.send(request).await.until("data: a\n").await;
        is(&text, "200", &[]);
    }
    let header = "Authorization: Bearer s3cret";
    let run = wellspring(&["tail", &server.stream(), "-H", header, "--count", "1"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = wellspring(&["tail", &server.stream()]).await;
    run.fails(1, &["401"]);
    is(&server.ask("GET /healthz", "").await, "200", &[]);
    is(&server.ask("GET /", "").await, "200", &[]);
    let metrics = server.ask("GET /metrics?token=s3cret", "").await;
    is(
        &metrics,
        "200",
        &["wellspring_requests_unauthorized_total 9\n"],
    );
}

#[tokio::test]
async fn tokens_can_come_from_the_environment() {
    let mut serve = command(&["serve", "--port", "0"]);
    serve.env("WELLSPRING_TOKEN", "hidden");
    let server = Server::introduced(Program::spawn(serve)).await;
    is(&server.ask("GET /events", "").await, "401", &[]);
    let mut help = command(&["serve", "--help"]);
    help.env("WELLSPRING_TOKEN", "hidden");
    let help = Program::spawn(help).end().await;
    assert!(help.stdout.contains("WELLSPRING_TOKEN"), "{}", help.stdout);
    assert!(!help.stdout.contains("hidden"), "{}", help.stdout);
}

#[tokio::test]
async fn a_page_of_another_origin_may_read_if_it_is_named() {
    let options = [
        "--cors",
        "https://a.example",
        "--cors",
        "http://localhost:3000",
    ];
    let mut server = Server::start(&[&options[..], &["--token", "t"]].concat()).await;
    server.write("a\n").await;
    let allowed = "access-control-allow-origin";
    for origin in ["https://a.example", "http://localhost:3000"] {
        let headers = format!("Origin: {origin}\r\nAuthorization: Bearer t\r\n");
        let head = server.subscribe(&headers).await.until("\r\n\r\n").await;
        is(
            &head,
            "200",
            &[
                &format!("{allowed}: {origin}\r\n"),
                "vary: Origin\r\n",
                "access-control-expose-headers: wellspring-resume\r\n",
            ],
        );
        // A page should be able to see why it is refused.
        let answer = server
            .ask("GET /events", &format!("Origin: {origin}\r\n"))
            .await;
        is(&answer, "401", &[&format!("{allowed}: {origin}\r\n")]);
    }
    for origin in ["https://b.example", "https://a.example.evil", "null"] {
        let headers = format!("Origin: {origin}\r\nAuthorization: Bearer t\r\n");
        let head = server.subscribe(&headers).await.until("\r\n\r\n").await;
        is(&head, "200", &["vary: Origin\r\n"]);
        assert!(!head.contains(allowed), "{head}");
    }
}

const PREFLIGHT: &str = "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers:";

#[tokio::test]
async fn a_preflight_gets_what_it_asks_for() {
    let options = ["--cors", "https://a.example", "--publish-token", "p"];
    let server = Server::start(&options).await;
    let own = "Origin: https://a.example\r\n";
    for (asked, answered) in [
        ("cache-control", "cache-control"),
        ("x-requested-with", "x-requested-with"),
        (
            "Authorization,, X-My_Own , last-event-id",
            "authorization, x-my_own, last-event-id",
        ),
        ("a\r\nAccess-Control-Request-Headers: b", "a, b"),
    ] {
        let headers = format!("{own}{PREFLIGHT} {asked}\r\n");
        let answer = server.ask("OPTIONS /events", &headers).await;
        is(
            &answer,
            "204",
            &[
                "access-control-allow-origin: https://a.example\r\n",
                &format!("access-control-allow-headers: {answered}\r\n"),
                "access-control-allow-methods: GET, HEAD, POST\r\n",
                "vary: Access-Control-Request-Headers\r\n",
                "vary: Origin\r\n",
            ],
        );
    }
    let other = format!("Origin: https://b.example\r\n{PREFLIGHT} cache-control\r\n");
    let answer = server.ask("OPTIONS /events", &other).await;
    is(
        &answer,
        "204",
        &["vary: Access-Control-Request-Headers\r\n"],
    );
    assert!(!answer.contains("access-control-allow"), "{answer}");
}

#[tokio::test]
async fn a_preflight_that_asks_for_no_headers_gets_none_and_its_size_is_bounded() {
    let server = Server::start(&["--cors", "*"]).await;
    let own = "Origin: https://a.example\r\n";
    let answer = server
        .ask("OPTIONS /events", &format!("{own}{PREFLIGHT} \r\n"))
        .await;
    is(
        &answer,
        "204",
        &["access-control-allow-methods: GET, HEAD\r\n"],
    );
    assert!(!answer.contains("allow-headers"), "{answer}");
    let long = ["x"; 2000].join(",");
    for asked in ["two words", "a(b)", "ä", &"x".repeat(2049), &long] {
        let headers = format!("{own}{PREFLIGHT} {asked}\r\n");
        let answer = server.ask("OPTIONS /events", &headers).await;
        is(&answer, "400", &["not a list of header names"]);
    }
    let fits = format!("{own}{PREFLIGHT} {}\r\n", "x".repeat(2000));
    is(&server.ask("OPTIONS /events", &fits).await, "204", &["xxx"]);
}

#[tokio::test]
async fn any_page_may_read_if_that_is_wanted_and_none_if_not() {
    let open = Server::start(&["--cors", "*"]).await;
    let headers = "Origin: https://a.example\r\n";
    let head = open.subscribe(headers).await.until("\r\n\r\n").await;
    is(&head, "200", &["access-control-allow-origin: *\r\n"]);
    assert!(!head.contains("credentials"), "{head}");
    let closed = Server::start(&[]).await;
    let head = closed.subscribe(headers).await.until("\r\n\r\n").await;
    assert!(!head.contains("access-control"), "{head}");
    is(&closed.ask("OPTIONS /events", headers).await, "405", &[]);
}

#[tokio::test]
async fn what_is_there_beside_the_stream() {
    let mut server = Server::start(&[]).await;
    server.write("a\nb\n").await;
    let mut subscriber = server.subscribe("").await;
    subscriber.until("data: b\n").await;
    is(
        &server.ask("GET /healthz", "").await,
        "200",
        &["\r\n\r\nok\n"],
    );
    let page = server.ask("GET /", "").await;
    is(
        &page,
        "200",
        &["text/html", "default-src 'none'", "data-stream=\"events\""],
    );
    for path in [
        "/page.js",
        "/page.css",
        "/token.js",
        "/token.css",
        "/resumption.js",
        "/icon.svg",
    ] {
        is(&server.ask(&format!("GET {path}"), "").await, "200", &[]);
    }
    let metrics = server.ask("GET /metrics", "").await;
    is(
        &metrics,
        "200",
        &[
            "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n",
            "# TYPE wellspring_subscribers gauge\nwellspring_subscribers 1\n",
            "# TYPE wellspring_events_published counter\nwellspring_events_published_total 2\n",
            "wellspring_history_events 2\n",
            "wellspring_gaps_total 0\n",
            "# EOF\n",
        ],
    );
    is(&server.ask("GET /event", "").await, "404", &["/events\n"]);
    is(
        &server.ask("DELETE /events", "").await,
        "405",
        &["allow: GET, HEAD\r\n"],
    );
    is(
        &server.ask("POST /", "").await,
        "405",
        &["allow: GET, HEAD\r\n"],
    );
    let head = server.ask("HEAD /events", "").await;
    is(&head, "200", &["content-type: text/event-stream\r\n"]);
    assert!(head.ends_with("\r\n\r\n"), "{head}");
}
