//! `wellspring check` behind real proxies: what each does to a stream is found and laid at its door, and
//! the setting that is advised mends it.
//!
//! Next: `check/proxies.rs`.

mod proxies;

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;
use wellspring_e2e::program::wellspring;
use wellspring_testkit::server::{Request, Script, ScriptedServer};

use crate::proxies::Proxy;

const TYPE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
const NO_CACHE: &str = "Cache-Control: no-cache\r\n";
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

/// What was found.
struct Report(Value);

impl Report {
    async fn of(url: &str, more: &[&str]) -> Self {
        let mut command = Command::new(wellspring().unwrap());
        command.args(["check", url, "--json"]).args(more);
        command.stderr(Stdio::null()).kill_on_drop(true);
        let output = command.output().await.unwrap();
        Self(serde_json::from_slice(&output.stdout).unwrap())
    }

    async fn behind(proxy: &Proxy) -> Self {
        Self::of(&url(proxy), &["--for", "4"]).await
    }

    fn finding(&self, check: &str) -> Option<&Value> {
        let mut findings = self.0["findings"].as_array().unwrap().iter();
        findings.find(|finding| finding["check"] == check)
    }

    /// The finding of this check says so, and its advice has this in it.
    fn says(&self, check: &str, severity: &str, what: &str, advice: &str) {
        let found = self.finding(check);
        let found = found.unwrap_or_else(|| panic!("no {check}: {:#}", self.0));
        assert_eq!(found["severity"], severity, "{found:#}");
        for (key, part) in [("what", what), ("advice", advice)] {
            let text = found[key].as_str().unwrap_or_default();
            assert!(text.contains(part), "{part:?} is not in {found:#}");
        }
    }
}

fn url(proxy: &Proxy) -> String {
    format!("http://127.0.0.1:{}/events", proxy.port)
}

/// The answer to a `GET`: an event each 200 ms after the one whose id was sent. To `HEAD`, the head.
fn ticking(request: &Request, head: &str, opening: &str) -> Script {
    let is_chunked = head.contains(CHUNKED);
    let send = |script: Script, text: &str| match is_chunked {
        true => script.send_chunk(text),
        false => script.send(text),
    };
    let mut script = Script::new().send(format!("{head}\r\n"));
    if request.line().starts_with("HEAD") {
        return script;
    }
    if !opening.is_empty() {
        script = send(script, opening).pause(Duration::from_millis(50));
    }
    let last = request.header("last-event-id").unwrap_or_default();
    let last: u64 = String::from_utf8(last).unwrap().parse().unwrap_or(0);
    for number in last + 1..last + 40 {
        script = send(script, &format!("id: {number}\ndata: {number}\n\n"));
        script = script.pause(Duration::from_millis(200));
    }
    script.hang()
}

async fn server(head: &'static [&'static str], opening: &'static str) -> ScriptedServer {
    ScriptedServer::start_answering(move |request| ticking(request, &head.concat(), opening)).await
}

#[tokio::test]
async fn caddy_stalls_a_compressed_stream_until_it_leaves_it_alone() {
    // Written at once, more than the 512 bytes from which on Caddy compresses.
    let opening: &str = Box::leak(format!(":{}\n", " ".repeat(600)).into_boxed_str());
    let server = server(&[TYPE, NO_CACHE, CHUNKED], opening).await;
    let Some(stalling) = proxies::caddy(server.address(), "encode gzip") else {
        return;
    };
    let report = Report::behind(&stalling).await;
    report.says(
        "compression",
        "error",
        "(gzip), and it stalls",
        "encode @page gzip",
    );
    let lines = "@page not header Accept text/event-stream*\n encode @page gzip";
    let mended = proxies::caddy(server.address(), lines).unwrap();
    let report = Report::behind(&mended).await;
    assert_eq!(report.finding("compression"), None, "{:#}", report.0);
    report.says("resumption", "ok", "works", "");
}

#[tokio::test]
async fn nginx_hides_a_header_and_holds_back_what_has_no_framing() {
    // With the header that nginx takes away there is nothing to warn of.
    let right = server(
        &[TYPE, NO_CACHE, CHUNKED, "X-Accel-Buffering: no\r\n"],
        ":\nretry: 2000\n",
    )
    .await;
    let Some(nginx) = proxies::nginx(right.address(), "proxy_http_version 1.1;") else {
        return;
    };
    let report = Report::behind(&nginx).await;
    report.says("buffering", "note", "events come through", "");
    let worst = report.0["worst"].as_str().unwrap();
    assert_eq!(worst, "note", "{:#}", report.0);

    let unframed = server(&[TYPE, NO_CACHE], "").await;
    let nginx = proxies::nginx(unframed.address(), "").unwrap();
    let report = Report::of(&url(&nginx), &["--for", "1.5"]).await;
    report.says(
        "connect",
        "error",
        "no response within",
        "proxy_buffering off;",
    );
    let mended = proxies::nginx(unframed.address(), "proxy_buffering off;").unwrap();
    Report::behind(&mended)
        .await
        .says("resumption", "ok", "works", "");
}

#[tokio::test]
async fn nginx_keeps_even_the_head_when_it_compresses() {
    let server = server(&[TYPE, NO_CACHE, CHUNKED], "").await;
    let lines = "proxy_http_version 1.1; gzip on; gzip_types text/event-stream;";
    let Some(nginx) = proxies::nginx(server.address(), lines) else {
        return;
    };
    let report = Report::behind(&nginx).await;
    report.says("compression", "error", "not even the head", "gzip off;");
    let lines = "proxy_http_version 1.1; gzip off;";
    let mended = proxies::nginx(server.address(), lines).unwrap();
    let report = Report::behind(&mended).await;
    assert_eq!(report.finding("compression"), None, "{:#}", report.0);
}

#[tokio::test]
async fn lighttpd_collects_the_whole_stream_unless_told_otherwise() {
    let server = server(&[TYPE, NO_CACHE, CHUNKED], "").await;
    let Some(lighttpd) = proxies::lighttpd(server.address(), "") else {
        return;
    };
    let setting = "server.stream-response-body = 1";
    let report = Report::of(&url(&lighttpd), &["--for", "1.5"]).await;
    report.says("connect", "error", "no response within", setting);
    let mended = proxies::lighttpd(server.address(), setting).unwrap();
    Report::behind(&mended)
        .await
        .says("resumption", "ok", "works", "");
}

#[tokio::test]
async fn varnish_joins_readers_and_holds_back_what_it_compresses() {
    let server = server(&[TYPE, CHUNKED], "").await;
    let Some(joining) = proxies::varnish(server.address(), "", "") else {
        return;
    };
    let report = Report::behind(&joining).await;
    report.says("cached", "warning", "a cache answered", "return (pass);");
    let pass = "sub vcl_recv { if (req.http.Accept ~ \"text/event-stream\") { return (pass); } }";
    let passing = proxies::varnish(server.address(), "", pass).unwrap();
    let report = Report::behind(&passing).await;
    assert_eq!(report.finding("cached"), None, "{:#}", report.0);
    let gzip = "sub vcl_backend_response { set beresp.do_gzip = true; }";
    let gzip = proxies::varnish(server.address(), "", &format!("{pass}\n{gzip}")).unwrap();
    let report = Report::of(&url(&gzip), &["--for", "1.5"]).await;
    report.says(
        "connect",
        "error",
        "no response within",
        "beresp.do_gzip = false;",
    );
}

#[tokio::test]
async fn haproxy_cuts_off_silence_and_varnish_names_its_setting() {
    let quiet = |request: &Request| {
        let head = [TYPE, NO_CACHE, CHUNKED, "\r\n"].concat();
        let script = Script::new().send(head);
        match request.line().starts_with("HEAD") {
            true => script,
            false => script.send_chunk("id: 1\ndata: a\n\n").hang(),
        }
    };
    let server = ScriptedServer::start_answering(quiet).await;
    let proxies = (
        proxies::haproxy(server.address(), 5),
        proxies::varnish(server.address(), ".between_bytes_timeout = 4s;", ""),
    );
    let (Some(haproxy), Some(varnish)) = proxies else {
        return;
    };
    let (haproxy, varnish) = (url(&haproxy), url(&varnish));
    let time = ["--for", "8"];
    let (haproxy, varnish) = tokio::join!(Report::of(&haproxy, &time), Report::of(&varnish, &time));
    haproxy.says("end", "error", "cut off after 5 s", "send a comment");
    varnish.says(
        "end",
        "error",
        "cut off after 4 s",
        ".between_bytes_timeout",
    );
}

#[tokio::test]
async fn apache_compresses_and_flushes() {
    let server = server(&[TYPE, NO_CACHE, CHUNKED], "").await;
    let Some(apache) = proxies::apache(server.address()) else {
        return;
    };
    let report = Report::behind(&apache).await;
    report.says("compression", "ok", "(gzip), and it flows", "");
}
