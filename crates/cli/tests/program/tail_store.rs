//! `wellspring tail --store`: events kept, resumed, and shown again.
//!
//! Next: `tail_request.rs`.

use std::path::Path;

use crate::support::{Program, wellspring};
use tempfile::TempDir;
use wellspring_testkit::server::{Script, ScriptedServer};

fn file(folder: &TempDir, name: &str) -> String {
    let path: &Path = folder.path();
    path.join(name).display().to_string()
}

const TWO: &str =
    "retry: 100\nid: 1\ndata: one\n\nevent: notice\nid: 2\ndata: two\ndata: lines\n\n";
const KINDS: [&str; 2] = ["sqlite", "file"];

#[tokio::test]
async fn events_are_stored_resumed_and_shown() {
    for kind in KINDS {
        let folder = TempDir::new().unwrap();
        let path = file(&folder, "feed.db");
        let server = ScriptedServer::start([
            Script::event_stream(TWO).hang(),
            Script::event_stream("id: 3\ndata: three\n\n").hang(),
        ])
        .await;
        let url = server.url("/sse");
        let store = ["--store", &path, "--store-kind", kind];
        let tail = |count| [&["tail", &url, "--count", count], store.as_slice()].concat();
        let run = wellspring(&tail("2")).await;
        run.is(
            0,
            "message  [1] one\nnotice   [2] two\n             lines\n",
        );
        let run = wellspring(&tail("1")).await;
        run.is(0, "message  [3] three\n");
        let resumed = server.request(1).await;
        assert_eq!(resumed.header("last-event-id").unwrap(), b"2");

        // The kind is known by now, and so is the URL.
        let show = ["tail", "--show", "--store", &path];
        let all = "message  [1] one\nnotice   [2] two\n             lines\nmessage  [3] three\n";
        wellspring(&show).await.is(0, all);
        let run = wellspring(&[&show, ["--json", &url].as_slice()].concat()).await;
        run.is(
            0,
            "{\"type\":\"message\",\"data\":\"one\",\"lastEventId\":\"1\"}\n\
             {\"type\":\"notice\",\"data\":\"two\\nlines\",\"lastEventId\":\"2\"}\n\
             {\"type\":\"message\",\"data\":\"three\",\"lastEventId\":\"3\"}\n",
        );
        let some = ["--event", "message", "--data-only", "--count", "1"];
        let run = wellspring(&[show.as_slice(), &some].concat()).await;
        run.is(0, "one\n");
    }
}

#[tokio::test]
async fn what_is_stored_can_be_shown_while_it_grows() {
    for kind in KINDS {
        let folder = TempDir::new().unwrap();
        let path = file(&folder, "feed.db");
        let script = Script::event_stream(TWO).gate().send("id: 3\ndata: 3\n\n");
        let server = ScriptedServer::start([script.hang()]).await;
        let url = server.url("/sse");
        let arguments = ["tail", &url, "--store", &path, "--store-kind", kind];
        let mut tail = Program::start(&arguments);
        tail.line().await.unwrap();
        let show = ["tail", "--show", "--data-only", "--store", &path];
        while wellspring(&show).await.stdout != "one\ntwo\nlines\n" {}
        server.open_gate();
        while wellspring(&show).await.stdout != "one\ntwo\nlines\n3\n" {}
        tail.child.kill().await.unwrap();
    }
}

/// As a crash in the middle of a commit leaves it.
#[tokio::test]
async fn an_unfinished_commit_is_cut_off_and_told() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "feed.events");
    let resumed = || Script::event_stream("id: 3\ndata: 3\n\n").hang();
    let server =
        ScriptedServer::start([Script::event_stream(TWO).hang(), resumed(), resumed()]).await;
    let url = server.url("/sse");
    let arguments = ["tail", &url, "--store", &path, "--store-kind", "file"];
    let first = wellspring(&[&arguments[..], &["--count", "2"]].concat()).await;
    assert_eq!(first.code, Some(0), "{first:?}");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(b"half a commit");
    std::fs::write(&path, bytes).unwrap();
    let told = "a commit that was never finished is cut off (13 bytes)";
    for is_told in [true, false] {
        let run = wellspring(&[&arguments[..], &["--count", "1"]].concat()).await;
        run.is(0, "message  [3] 3\n");
        assert_eq!(run.stderr.contains(told), is_told, "{run:?}");
    }
}

#[tokio::test]
async fn the_name_and_password_are_not_stored() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "feed.db");
    let server = ScriptedServer::start_repeating(Script::event_stream(TWO).hang()).await;
    let url = server.url("/sse#part").replace("//", "//ann:s3cret@");
    let run = wellspring(&["tail", &url, "--store", &path, "--count", "2"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let stored = std::fs::read(&path).unwrap();
    let stored = String::from_utf8_lossy(&stored);
    assert!(!stored.contains("s3cret"));
    assert!(stored.contains(&server.url("/sse")));
    let run = wellspring(&["tail", &server.url("/sse"), "--store", &path, "--show"]).await;
    assert_eq!(run.stdout.lines().count(), 3, "{run:?}");
}

#[tokio::test]
async fn one_of_several_streams_has_to_be_chosen() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "feed.db");
    let server = ScriptedServer::start_repeating(Script::event_stream(TWO).hang()).await;
    let (one, two) = (server.url("/one"), server.url("/two"));
    for url in [&one, &two] {
        let run = wellspring(&["tail", url, "--store", &path, "--count", "1"]).await;
        run.is(0, "message  [1] one\n");
    }
    let show = ["tail", "--show", "--store", &path];
    wellspring(&show)
        .await
        .fails(2, &["more than one", &one, &two]);
    let other = server.url("/other");
    let run = wellspring(&[&show, [other.as_str()].as_slice()].concat()).await;
    run.fails(2, &["nothing is stored of this URL", &one, &two]);
    let run = wellspring(&[&show, [two.as_str()].as_slice()].concat()).await;
    run.is(0, "message  [1] one\n");
}

#[tokio::test]
async fn a_store_that_cannot_be_used_says_why() {
    let folder = TempDir::new().unwrap();
    let server = ScriptedServer::start_repeating(Script::event_stream(TWO).hang()).await;
    let url = server.url("/sse");
    let text = file(&folder, "notes.txt");
    std::fs::write(
        &text,
        "a text of some length, which is no store\n".repeat(20),
    )
    .unwrap();
    for kind in KINDS {
        let run = wellspring(&["tail", &url, "--store", &text, "--store-kind", kind]).await;
        run.fails(1, &["notes.txt", "no event store", "choose another file"]);
        let run = wellspring(&[
            "tail",
            &url,
            "--store",
            "/nowhere/a.db",
            "--store-kind",
            kind,
        ])
        .await;
        run.fails(1, &["/nowhere/a.db", "check the path"]);
        let run = wellspring(&["tail", "--show", "--store", "/nowhere/a.db"]).await;
        run.fails(1, &["/nowhere/a.db", "check the path"]);
    }
    let path = file(&folder, "feed.events");
    let arguments = ["tail", &url, "--store", &path, "--store-kind", "file"];
    let mut first = Program::start(&arguments);
    first.line().await.unwrap();
    let second = wellspring(&arguments).await;
    second.fails(1, &["feed.events", "in use", "end the other program"]);
    wellspring(&["tail", "--show"]).await.fails(2, &["--store"]);
    wellspring(&["tail", "--store", &path])
        .await
        .fails(2, &["URL"]);
}
