//! Other servers: our own, and one that is only listened to.

use super::hub::{Faults, Hub};
use super::{faults, is_sound, load};
use crate::http::Server;
use wellspring_testkit::server::{Script, ScriptedServer};

#[tokio::test]
async fn our_own_server_is_sound() {
    let server = Server::start(&["--publish-token", "secret", "--history", "100000"]).await;
    let url = server.stream();
    let options = [
        "--publish",
        "lines",
        "--publish-token",
        "secret",
        "--subscribers",
        "20",
        "--cuts",
        "20",
        "--rate",
        "500",
        "--seconds",
        "1",
    ];
    let (run, report) = load(&url, &options).await;
    is_sound(&run, &report);
    let answered = report["published"]["answered"].as_u64().unwrap();
    assert!(answered > 100, "{report:#}");
    assert_eq!(report["delivered"]["own"], answered * 20, "{report:#}");
}

#[tokio::test]
async fn our_own_server_tells_of_what_it_has_forgotten() {
    let server = Server::start(&["--publish-token", "secret", "--history", "5"]).await;
    let url = server.stream();
    let options = [
        "--publish",
        "lines",
        "--publish-token",
        "secret",
        "--subscribers",
        "20",
        "--cuts",
        "50",
        "--seconds",
        "1",
    ];
    let (run, report) = load(&url, &options).await;
    let found = faults(&report);
    assert!(
        found.iter().all(|(fault, _)| *fault == "told_gap"),
        "{report:#}"
    );
    assert!(!found.is_empty(), "{report:#}");
    assert_eq!(run.code, Some(0));
}

#[tokio::test]
async fn a_server_with_its_own_numbers_is_listened_to() {
    for (body, code, fault) in [
        (
            "id: k-7\ndata: a\n\nid: k-8\ndata: b\n\nid: k-9\ndata: c\n\n",
            0,
            None,
        ),
        ("id: k-7\ndata: a\n\nid: k-9\ndata: b\n\n", 1, Some("lost")),
        (
            "id: k-7\ndata: a\n\nid: k-7\ndata: b\n\n",
            1,
            Some("doubled"),
        ),
    ] {
        let script = Script::event_stream(body).hang();
        let server = ScriptedServer::start([script]).await;
        let options = ["--publish", "none", "--numbers", "id", "--subscribers", "1"];
        let options = [&options[..], &["--seconds", "0.5"]].concat();
        let (run, report) = load(&server.url("/"), &options).await;
        assert_eq!(
            faults(&report).first().map(|(fault, _)| *fault),
            fault,
            "{report:#}"
        );
        assert_eq!(run.code, Some(code), "{report:#}");
    }
}

#[tokio::test]
async fn who_only_listens_counts_what_others_publish() {
    let hub = Hub::start(Faults::default()).await;
    let listening = ["--publish", "none", "--subscribers", "2", "--seconds", "3"];
    let url = format!("{}?topic=*", hub.url());
    let listener = super::start(&url, &listening);
    let key = [
        "--publisher-key",
        "k",
        "--subscribers",
        "1",
        "--seconds",
        "1",
    ];
    let (run, published) = load(&hub.url(), &key).await;
    is_sound(&run, &published);
    let (run, heard) = super::report(listener.end().await);
    assert_eq!(run.code, Some(0), "{heard:#}");
    assert!(
        heard["delivered"]["others"].as_u64().unwrap() > 0,
        "{heard:#}"
    );
    assert_eq!(heard["delivered"]["own"], 0);
}
