//! What `check` says of what stands between the server and here: compression, buffers, caches.
//!
//! Next: `../failures.rs`; real proxies are in the tests of the crate `e2e`.

use std::time::Duration;

use wellspring_testkit::server::{Request, Script, ScriptedServer};

use super::report::Report;

fn head(more: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n{more}\r\n"
    )
}

fn is_of_browser(request: &Request) -> bool {
    let codings = request.header("accept-encoding").unwrap_or_default();
    codings.starts_with(b"gzip")
}

/// An event each 300 ms, for 6 s, after the one whose id was sent.
fn ticking(request: &Request, head: String) -> Script {
    let last = request.header("last-event-id").unwrap_or_default();
    let last: u64 = String::from_utf8(last).unwrap().parse().unwrap_or(0);
    let mut script = Script::new().send(head);
    for number in last + 1..last + 20 {
        let event = format!("id: {number}\ndata: {number}\n\n");
        script = script.send(event).pause(Duration::from_millis(300));
    }
    script.hang()
}

#[tokio::test]
async fn a_stream_that_stalls_in_compression_is_an_error() {
    let server = ScriptedServer::start_answering(|request| {
        if is_of_browser(request) {
            let head = head("Server: Caddy\r\nContent-Encoding: gzip\r\n");
            return Script::new().send(head).send("\u{1f}").hang();
        }
        ticking(request, head("Server: Caddy\r\n"))
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "4"]).await;
    report.says(
        "compression",
        "error browsers get it compressed (gzip), and it stalls",
    );
    assert!(
        report
            .text("compression", "advice")
            .contains("encode @page gzip")
    );
    assert_eq!(report.text("compression", "because"), "server: Caddy");
    assert_eq!(report.text("compression", "basis"), "header");
    assert_eq!(report.run.code, Some(1));
}

/// Its head does not say so: after `flush()` PHP collects, and does not compress.
#[tokio::test]
async fn a_stream_that_only_pages_get_nothing_of_is_an_error() {
    let server = ScriptedServer::start_answering(|request| {
        if is_of_browser(request) {
            return Script::new()
                .send(head("X-Powered-By: PHP/8.2.36\r\n"))
                .hang();
        }
        ticking(request, head("X-Powered-By: PHP/8.2.36\r\n"))
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "5"]).await;
    report.says(
        "compression",
        "error browsers, which ask for compression, got nothing",
    );
    let advice = report.text("compression", "advice");
    assert!(advice.contains("zlib.output_compression = 0"), "{advice}");
}

#[tokio::test]
async fn a_stream_of_many_gzip_files_is_an_error() {
    // Each part is one: what it holds does not matter here.
    let part = [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    let server = ScriptedServer::start_answering(move |request| {
        if !is_of_browser(request) {
            return ticking(request, head(""));
        }
        let begun = Script::new().send(head("Content-Encoding: gzip\r\n"));
        let parts = (0..20).fold(begun, |script, _| {
            script.send(part).pause(Duration::from_millis(200))
        });
        parts.hang()
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "3"]).await;
    report.says(
        "compression",
        "error browsers get it compressed (gzip), as ",
    );
    let advice = report.text("compression", "advice");
    assert!(advice.contains("Django"), "{advice}");
    assert_eq!(report.run.code, Some(1));
}

#[tokio::test]
async fn a_compressed_stream_that_flows_is_right() {
    let server = ScriptedServer::start_answering(|request| {
        ticking(
            request,
            head(if is_of_browser(request) {
                "Content-Encoding: br\r\n"
            } else {
                ""
            }),
        )
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "3"]).await;
    report.says(
        "compression",
        "ok browsers get it compressed (br), and it flows",
    );
    report.has_no_errors();
}

#[tokio::test]
async fn a_head_that_compression_keeps_is_told_from_a_server_of_one_connection() {
    let server = ScriptedServer::start_answering(|request| {
        if is_of_browser(request) {
            return Script::new().hang();
        }
        ticking(request, head("Server: nginx/1.22.1\r\n"))
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "3"]).await;
    report.says(
        "compression",
        "error browsers, which ask for compression, get no answer",
    );
    assert!(report.text("compression", "advice").contains("gzip off;"));
    report.says("cors", "note pages of other origins cannot read it");
}

#[tokio::test]
async fn a_stream_behind_nginx_whose_events_flow_has_no_warning() {
    let headers = "Cache-Control: no-transform\r\nServer: nginx/1.22.1\r\n";
    let server =
        ScriptedServer::start_answering(move |request| ticking(request, head(headers))).await;
    let report = Report::of(&server.url("/"), &["--for", "3"]).await;
    report.says("buffering", "note nginx keeps X-Accel-Buffering to itself");
    assert_eq!(report.text("buffering", "because"), "server: nginx/1.22.1");
    let report = Report::of(&server.url("/"), &["--for", "3", "--strict"]).await;
    let warned = report.json["worst"] == "warning";
    assert!(!warned, "{:#}", report.json);
}

#[tokio::test]
async fn what_holds_a_stream_back_is_named_with_its_setting() {
    // The head alone comes; lighttpd gives its name only when asked for the head alone.
    let server = ScriptedServer::start_answering(|request| {
        if request.line().starts_with("HEAD") {
            return Script::new().send(head("Server: lighttpd/1.4.69\r\n"));
        }
        Script::new().hang()
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "1"]).await;
    report.says("connect", "error no response within 1 s");
    assert!(
        report
            .text("connect", "advice")
            .contains("server.stream-response-body = 1")
    );
    let rests_on = report.text("connect", "because");
    assert!(rests_on.contains("server: lighttpd/1.4.69"), "{rests_on}");

    let script = Script::new().expect_request().send(head("")).hang();
    let server = ScriptedServer::start_repeating(script).await;
    let report = Report::of(&server.url("/"), &["--for", "1.2"]).await;
    report.says("first-byte", "warning nothing came within 1.");
    assert_eq!(report.text("first-byte", "basis"), "candidates");
    let advice = report.text("first-byte", "advice");
    for setting in [
        "proxy_buffering off",
        "server.stream-response-body",
        "-filter",
    ] {
        assert!(advice.contains(setting), "{advice}");
    }
}

#[tokio::test]
async fn the_proxy_that_was_given_is_named_without_its_password() {
    let script = Script::new().expect_request().send(head("")).hang();
    let proxy = ScriptedServer::start_repeating(script).await;
    let given = format!("http://ann:s3cret@{}", proxy.address());
    let more = ["--for", "1.2", "--proxy", &given];
    let report = Report::of("http://stream.example/", &more).await;
    let advice = report.text("first-byte", "advice");
    let named = format!(
        "try without --proxy http://{}, which may collect",
        proxy.address()
    );
    assert!(advice.contains(&named), "{advice}");
    assert!(!report.run.stdout.contains("s3cret"));
}

#[tokio::test]
async fn a_cache_that_answers_any_request_is_seen() {
    let server = ScriptedServer::start_answering(|request| {
        let resumed = request.header("last-event-id").is_some();
        let numbers = if resumed { "65541 131078" } else { "131077" };
        let head = head(&format!("X-Varnish: {numbers}\r\nAge: 0\r\n"));
        let events = "id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n";
        Script::new().send(head).send(events).hang()
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "1"]).await;
    report.says(
        "cached",
        "warning a cache answered the request with Last-Event-ID: x-varnish: 65541 131078",
    );
    assert!(report.text("cached", "advice").contains("return (pass)"));
    let rests_on = report.text("resumption", "because");
    assert!(
        rests_on.starts_with("a cache answered, not the server"),
        "{rests_on}"
    );
}

#[tokio::test]
async fn a_content_encoding_that_is_none_is_a_note() {
    let server = ScriptedServer::start_answering(|request| {
        ticking(request, head("Content-Encoding: none\r\n"))
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "2"]).await;
    report.says("coding", "note Content-Encoding: none names no coding");
    report.says("ids", "ok ");
    report.has_no_errors();
}
