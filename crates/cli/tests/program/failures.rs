//! `wellspring tail` where something is wrong: each a clear line, an exit code, and no panic.
//!
//! Next: `tls.rs`.

use crate::support::{Program, wellspring};
use wellspring_testkit::server::{Script, ScriptedServer};

async fn answered(script: Script) -> (String, crate::support::Run) {
    let server = ScriptedServer::start([script]).await;
    let url = server.url("/sse");
    let run = wellspring(&["tail", &url]).await;
    assert_eq!(run.stdout, "");
    (url, run)
}

#[tokio::test]
async fn words_that_make_no_sense_are_usage_errors() {
    let cases: &[(&[&str], &str)] = &[
        (&[], "Usage"),
        (&["tail"], "<URL>"),
        (&["tail", "localhost:8080/sse"], "http://localhost:8080/sse"),
        (&["tail", "http://[::1"], "not an absolute URL"),
        (&["tail", "http://"], "not an absolute URL"),
        (
            &["tail", "http://[fe80::1%25eth0]/"],
            "cannot have an IPv6 zone",
        ),
        (
            &["tail", "http://a/", "--cert", "/no/cert"],
            "--cert /no/cert: No such file",
        ),
        (&["tail", "http://a/", "--key", "/no/key"], "--cert <F>"),
        (
            &["tail", "http://a/", "--sse", "--json"],
            "cannot be used with",
        ),
        (
            &["tail", "http://a/", "-H", "no colon"],
            "a name, a colon and a value",
        ),
        (
            &["tail", "http://a/", "-H", "bad name: x"],
            "a header's name has no spaces",
        ),
        (
            &["tail", "http://a/", "-H", "X: a\nb"],
            "control character at byte 1",
        ),
        (&["tail", "http://a/", "--count", "0"], "0 is not in 1.."),
        (
            &["tail", "http://a/", "--timeout", "-1"],
            "more than 0 seconds",
        ),
        (
            &["tail", "http://a/", "--timeout", "soon"],
            "not a number of seconds",
        ),
        (
            &["tail", "http://a/", "--last-event-id", "a\nb"],
            "no line ends",
        ),
        (
            &["tail", "http://a/", "--json", "--data-only"],
            "cannot be used with",
        ),
        (
            &["tail", "http://a/", "--cacert", "/no/such/file"],
            "--cacert /no/such/file",
        ),
    ];
    are_refused(cases).await;
}

#[tokio::test]
async fn so_are_those_of_the_other_commands() {
    let cases: &[(&[&str], &str)] = &[
        (&["decode", "/no/such/file"], "cannot open /no/such/file"),
        (&["demo", "--port", "70000"], "70000"),
        (&["serve", "--port", "x"], "--port"),
        (&["serve", "--host", "a:80"], "--host"),
        (&["serve", "--history", "0"], "0 is not in 1.."),
        (&["serve", "--format", "xml"], "lines, json, sse"),
        (&["serve", "--from", "yesterday"], "start, now"),
        (&["serve", "--token", "two words"], "visible ASCII"),
        (&["serve", "--publish-token", ""], "visible ASCII"),
        (&["serve", "--cors", "app.example"], "https://app.example"),
        (
            &["serve", "--cors", "https://a.example/b"],
            "did you mean https://a.example?",
        ),
        (&["serve", "--tls-cert", "a.pem"], "--tls-key"),
        (
            &["serve", "--tls-cert", "/no/file", "--tls-key", "/no/file"],
            "--tls-cert /no/file",
        ),
        (&["listen"], "unrecognized subcommand"),
    ];
    are_refused(cases).await;
}

async fn are_refused(cases: &[(&[&str], &str)]) {
    for (arguments, says) in cases {
        let run = wellspring(arguments).await;
        assert_eq!(run.stdout, "");
        run.fails(2, &[says]);
    }
}

#[tokio::test]
async fn a_certificate_file_without_a_certificate_is_a_usage_error() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let run = wellspring(&["tail", "https://a/", "--cacert", file]).await;
    run.fails(2, &["--cacert", "Cargo.toml"]);
}

#[tokio::test]
async fn a_scheme_that_is_not_http_fails_for_good() {
    let run = wellspring(&["tail", "ftp://host.example/sse"]).await;
    run.fails(
        1,
        &[
            "ftp://host.example/sse",
            "use http or https",
            "not trying again",
        ],
    );
}

#[tokio::test]
async fn a_status_that_is_not_200_fails_for_good() {
    for status in ["404 Not Found", "500 Internal Server Error", "201 Created"] {
        let (url, run) =
            answered(Script::answer(status, &["Content-Type: text/event-stream"])).await;
        run.fails(1, &[&url, &status[..3], "not trying again"]);
    }
}

#[tokio::test]
async fn another_mime_type_fails_for_good() {
    let (url, run) = answered(Script::answer("200 OK", &["Content-Type: text/html"])).await;
    run.fails(1, &[&url, "text/html, not text/event-stream"]);
}

#[tokio::test]
async fn a_body_that_is_coded_fails_for_good() {
    let headers = [
        "Content-Type: text/event-stream",
        "Content-Encoding: compress",
    ];
    let (url, run) = answered(Script::answer("200 OK", &headers)).await;
    run.fails(1, &[&url, "compress"]);
}

#[tokio::test]
async fn an_endless_line_fails_for_good() {
    let body = format!("data: a\n\ndata: {}", "x".repeat(17 << 20));
    let server = ScriptedServer::start([Script::event_stream(body).hang()]).await;
    let url = server.url("/sse");
    let run = wellspring(&["tail", &url]).await;
    assert_eq!(run.stdout, "message  a\n");
    run.fails(
        1,
        &[
            &url,
            "a line exceeds the limit of 16777216 bytes",
            "raise --max-line",
        ],
    );
}

#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    let run = wellspring(&["tail", "http://127.0.0.1:1/sse", "--timeout", "1"]).await;
    run.fails(
        124,
        &["reconnecting in ", "http://127.0.0.1:1/sse: cannot connect"],
    );
}

#[tokio::test]
async fn a_refused_connection_is_a_failure_without_reconnection() {
    let run = wellspring(&["tail", "http://127.0.0.1:1/sse", "--no-reconnect"]).await;
    run.fails(
        1,
        &["http://127.0.0.1:1/sse: cannot connect", "(--no-reconnect)"],
    );
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}

#[tokio::test]
async fn an_unknown_host_is_a_failure_without_reconnection() {
    let url = "http://no-such-host.invalid/sse";
    let run = wellspring(&["tail", url, "--no-reconnect"]).await;
    run.fails(1, &[url, "cannot resolve the host"]);
}

#[tokio::test]
async fn a_broken_body_is_a_failure_without_reconnection() {
    // A reset may overtake what was sent before it.
    let script = Script::event_stream("data: a\n\ndata: half an ev")
        .gate()
        .reset();
    let server = ScriptedServer::start([script]).await;
    let url = server.url("/sse");
    let mut tail = Program::start(&["tail", &url, "--no-reconnect"]);
    assert_eq!(tail.line().await.unwrap(), "message  a");
    server.open_gate();
    let run = tail.end().await;
    run.fails(1, &[&url, "the response broke off"]);
}

#[tokio::test]
async fn something_that_is_not_http_is_a_failure_without_reconnection() {
    let script = Script::new().expect_request();
    let server = ScriptedServer::start([script.send("220 mail.example ESMTP\r\n")]).await;
    let run = wellspring(&["tail", &server.url("/"), "--no-reconnect"]).await;
    run.fails(1, &["is not valid HTTP"]);
}

#[cfg(target_os = "linux")]
#[test]
fn too_few_files_are_told_in_a_sentence() {
    let commands = [
        "tail http://127.0.0.1:9/",
        "check http://127.0.0.1:9/",
        "serve --port 0",
        "demo --port 0",
    ];
    for command in commands {
        for files in 6..=8 {
            let program = env!("CARGO_BIN_EXE_wellspring");
            let output = std::process::Command::new("sh")
                .arg("-c")
                .arg(format!("ulimit -n {files}; exec '{program}' {command}"))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{command}, {files}: {said}");
            let expected = "wellspring: could not start the async runtime: Too many open files";
            assert!(said.starts_with(expected), "{command}, {files}: {said}");
        }
    }
}
