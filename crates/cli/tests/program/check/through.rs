//! What `check --through` says of a way that changes something on purpose.
//!
//! Next: `meddler.rs`; real proxies are in the tests of the crate `e2e`.

use std::time::Duration;

use serde_json::Value;
use wellspring_testkit::server::{Script, ScriptedServer};

use super::meddler::{Meddler, Meddling};
use crate::support::{Run, wellspring};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n\r\n";

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// An event each 200 ms for 2.4 s with a comment beside every other one.
fn ticking() -> Script {
    let begun = Script::new()
        .expect_request()
        .send(HEAD)
        .send("retry: 2000\n\n");
    (1..=12).fold(begun, |script, number| {
        let script = script
            .pause(ms(100))
            .send(format!("id: {number}\ndata: {number}\n\n"));
        let comment = if number % 2 == 0 { ":\n" } else { "" };
        script.pause(ms(100)).send(comment)
    })
}

struct Compared {
    run: Run,
    json: Value,
}

impl Compared {
    async fn of(direct: &str, through: &str, more: &[&str]) -> Self {
        let arguments = [&["check", direct, "--through", through, "--json"], more].concat();
        let run = wellspring(&arguments).await;
        let json = serde_json::from_str(&run.stdout);
        let json = json.unwrap_or_else(|error| panic!("{error}: {run:?}"));
        Self { run, json }
    }

    /// The same stream for 3 s, with this on the way.
    async fn with(script: Script, meddling: Meddling) -> Self {
        let server = ScriptedServer::start_repeating(script).await;
        let proxy = Meddler::start(server.address(), meddling).await;
        Self::of(&server.url("/"), &proxy.url(), &["--for", "3"]).await
    }

    fn row(&self, check: &str) -> &Value {
        let mut rows = self.json["compared"].as_array().unwrap().iter();
        let row = rows.find(|row| row["check"] == check);
        row.unwrap_or_else(|| panic!("no {check}: {:#}", self.json))
    }

    fn says(&self, check: &str, severity: &str, what: &str) {
        let row = self.row(check);
        assert_eq!(row["severity"], severity, "{row:#}");
        assert!(row["what"].as_str().unwrap().contains(what), "{row:#}");
    }
}

#[tokio::test]
async fn a_way_that_changes_nothing_is_silent() {
    let compared = Compared::with(ticking().hang(), Meddling::Nothing).await;
    for check in [
        "status",
        "protocol",
        "head",
        "first-byte",
        "events",
        "buffering",
        "comments",
        "retry",
    ] {
        compared.says(check, "ok", "");
    }
    compared.says("compression", "ok", "");
    compared.says("end", "ok", "");
    assert_eq!(compared.json["worst"], "ok", "{:#}", compared.json);
    assert_eq!(compared.run.code, Some(0));
}

#[tokio::test]
async fn what_is_kept_on_the_way_is_told() {
    let kept = Compared::with(ticking().hang(), Meddling::KeepHead(ms(1500))).await;
    kept.says("head", "error", "the head waits");
    let kept = Compared::with(ticking().hang(), Meddling::KeepBody).await;
    kept.says("first-byte", "error", "what the server sends is kept");
    kept.says("buffering", "error", "none has come");
    assert_eq!(kept.row("buffering")["basis"], "candidates");
    let advice = kept.row("buffering")["advice"].as_str().unwrap();
    assert!(advice.contains("proxy_buffering off"), "{advice}");
    let bursts = Compared::with(ticking().hang(), Meddling::Collect(ms(900))).await;
    bursts.says("buffering", "error", "events wait on the way, up to");
    bursts.says("events", "ok", "");
    let (direct, through) = (
        &bursts.row("buffering")["direct"],
        &bursts.row("buffering")["through"],
    );
    assert_eq!(direct, "in 12 bursts");
    assert!(
        through.as_str().unwrap().starts_with("in 3 bursts, up to"),
        "{through}"
    );
    assert_eq!(bursts.run.code, Some(1));
}

#[tokio::test]
async fn what_is_left_out_on_the_way_is_told() {
    let mute = Compared::with(ticking().hang(), Meddling::DropComments).await;
    mute.says("comments", "error", "do not come through");
    mute.says("events", "ok", "");
    let gaps = Compared::with(ticking().hang(), Meddling::DropEvents).await;
    gaps.says(
        "events",
        "error",
        "did not come through, and later ones did",
    );
}

#[tokio::test]
async fn another_head_is_told() {
    let changed = Compared::with(ticking().hang(), Meddling::ChangeHeaders).await;
    changed.says("header", "warning", "caches behind this point");
    let rows = changed.json["compared"].as_array().unwrap();
    let headers: Vec<_> = rows.iter().filter(|row| row["check"] == "header").collect();
    assert_eq!(headers.len(), 3, "{headers:#?}");
    assert_eq!(headers[1]["through"], "via: 1.1 meddler");
    assert_eq!(headers[2]["direct"], "x-accel-buffering: no");
    assert_eq!(changed.run.code, Some(0), "warnings are no errors");
    let refused = Compared::with(ticking().hang(), Meddling::Refuse).await;
    refused.says("status", "error", "in place of the server");
    let stalled = Compared::with(ticking().hang(), Meddling::Compress).await;
    stalled.says("compression", "error", "stalls");
    assert_eq!(stalled.row("compression")["direct"], "none");
    assert_eq!(stalled.row("compression")["through"], "gzip");
}

#[tokio::test]
async fn another_end_is_told() {
    let quiet = || {
        Script::new()
            .expect_request()
            .send(HEAD)
            .send("id: 1\ndata: a\n\n")
    };
    let cut = Compared::with(quiet().hang(), Meddling::CutSilence(ms(2100))).await;
    cut.says(
        "end",
        "error",
        "cuts off what is silent for 2 s, and it looks like a good end",
    );
    assert_eq!(cut.row("end")["direct"], "open");
    let lost = || quiet().pause(ms(300)).reset();
    let hidden = Compared::with(lost(), Meddling::Nothing).await;
    hidden.says(
        "end",
        "error",
        "makes a good end of a connection that broke off",
    );
    let same = Compared::with(lost(), Meddling::BreakOff).await;
    same.says("end", "ok", "");
    let broken = Compared::with(quiet().pause(ms(300)), Meddling::BreakOff).await;
    broken.says("end", "warning", "in good order breaks off");
    let kept = Compared::with(quiet().pause(ms(300)), Meddling::KeepBody).await;
    kept.says("end", "error", "does not pass the end on");
}

#[tokio::test]
async fn a_stream_that_is_not_there_is_told_from_a_way_that_is_not() {
    let server = ScriptedServer::start_repeating(ticking().hang()).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}/", nobody.local_addr().unwrap());
    drop(nobody);
    let there = server.url("/");
    let compared = Compared::of(&there, &gone, &["--for", "1"]).await;
    compared.says("connect", "error", "the way between does not lead");
    let compared = Compared::of(&gone, &there, &["--for", "1"]).await;
    compared.says("connect", "error", "the stream itself cannot be read");
    let silent = ScriptedServer::start_repeating(Script::new().expect_request().hang()).await;
    let compared = Compared::of(&there, &silent.url("/"), &["--for", "1"]).await;
    compared.says("connect", "error", "keeps even the head");
}

/// The proxy is on the way to the second URL only.
#[tokio::test]
async fn a_forward_proxy_is_a_way_too() {
    let server = ScriptedServer::start_repeating(ticking().hang()).await;
    let proxy = Meddler::start(server.address(), Meddling::Collect(ms(900))).await;
    let proxy = proxy.url();
    let url = server.url("/");
    let compared = Compared::of(&url, &url, &["--for", "3", "--proxy", &proxy]).await;
    compared.says("buffering", "error", "events wait on the way");
    let because = compared.row("buffering")["because"].as_str().unwrap();
    assert!(because.starts_with("--proxy http://127.0.0.1"), "{because}");
}

#[tokio::test]
async fn people_get_both_ways_side_by_side() {
    let server = ScriptedServer::start_repeating(ticking().hang()).await;
    let proxy = Meddler::start(server.address(), Meddling::DropComments).await;
    let (direct, through) = (server.url("/?token=t0ken"), proxy.url());
    let run = wellspring(&["check", &direct, "--through", &through, "--for", "3"]).await;
    assert!(!run.stdout.contains("t0ken"), "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("direct   http://127.0.0.1"), "{run:?}");
    let comments = lines.iter().find(|line| line.contains(" comments "));
    let words: Vec<_> = comments.unwrap().split_whitespace().collect();
    assert_eq!(
        words,
        ["error", "comments", "6", "comments", "0", "comments"]
    );
    assert_eq!(run.code, Some(1));
    let strict = ["check", &direct, "--through", "nowhere"];
    wellspring(&strict).await.fails(2, &["http://nowhere"]);
}
