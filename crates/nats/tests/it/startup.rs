//! What is refused at the start, with a sentence.
//!
//! Next: `../../src/config.rs`, which has a test for each rule.

use bytes::Bytes;
use serde_json::{Value, json};
use wellspring_broker::EngineErrorKind;
use wellspring_nats::NatsOptions;

use crate::server::{Server, free_port};

async fn refusal(address: &str) -> (EngineErrorKind, String) {
    let options: NatsOptions = address.parse().unwrap();
    let error = options.connect().await.unwrap_err();
    (error.kind(), error.to_string())
}

async fn update(server: &Server, change: impl FnOnce(&mut Value)) {
    let client = server.client().await;
    let ask = async |subject: &str, body: Bytes| {
        let answer = client.request(subject.to_owned(), body).await.unwrap();
        serde_json::from_slice::<Value>(&answer.payload).unwrap()
    };
    let info = ask("$JS.API.STREAM.INFO.wellspring", Bytes::new()).await;
    let mut config = info["config"].clone();
    change(&mut config);
    let update = ask(
        "$JS.API.STREAM.UPDATE.wellspring",
        config.to_string().into(),
    )
    .await;
    assert!(update["error"].is_null(), "{update}");
}

#[tokio::test]
async fn a_stream_with_other_rules_is_refused() {
    let Some(server) = Server::start() else {
        return;
    };
    drop(server.engine().await);
    update(&server, |config| {
        config["max_age"] = json!(3_600_000_000_000_u64);
    })
    .await;
    let (kind, message) = refusal(&server.url()).await;
    assert_eq!(kind, EngineErrorKind::Configuration);
    assert!(
        message.contains("stream wellspring drops messages by its own `max_age`"),
        "{message}"
    );
    update(&server, |config| {
        config["max_age"] = json!(0);
        config["subjects"] = json!(["wellspring.>"]);
    })
    .await;
    let (_, message) = refusal(&server.url()).await;
    assert!(message.contains("takes other subjects"), "{message}");
}

#[tokio::test]
async fn a_stream_of_somebody_else_is_refused() {
    let Some(server) = Server::start() else {
        return;
    };
    let client = server.client().await;
    let config = json!({ "name": "orders", "subjects": ["orders.>"] });
    let create = client.request("$JS.API.STREAM.CREATE.orders", config.to_string().into());
    create.await.unwrap();
    let (kind, message) = refusal(&format!("{}/orders", server.url())).await;
    assert_eq!(kind, EngineErrorKind::Configuration);
    assert!(message.contains("orders is not a hub's"), "{message}");
}

#[tokio::test]
async fn servers_that_will_not_do_are_refused() {
    let port = free_port();
    if wellspring_testkit::tool("nats-server").is_none() {
        return;
    }
    let (kind, message) = refusal(&format!("nats://127.0.0.1:{port}")).await;
    assert_eq!(kind, EngineErrorKind::Unavailable);
    assert!(message.contains(&port.to_string()), "{message}");

    let Some(small) = Server::start_with("max_payload: 4096") else {
        return;
    };
    let (_, message) = refusal(&small.url()).await;
    assert!(message.contains("4096 bytes (`max_payload`)"), "{message}");

    let without = "accounts { A { users: [{ user: a, password: b }] } }\nno_auth_user: a";
    let Some(without) = Server::start_with(without) else {
        return;
    };
    let (_, message) = refusal(&without.url()).await;
    assert!(message.contains("JetStream is not enabled"), "{message}");

    let alone = Server::start().unwrap();
    let (_, message) = refusal(&format!("{}?replicas=3", alone.url())).await;
    assert!(message.contains("cannot be made"), "{message}");
}

#[tokio::test]
async fn who_may_not_in_is_told_so() {
    let Some(server) = Server::start_with("authorization { user: hub, password: \"s3cret/\" }")
    else {
        return;
    };
    let (kind, message) = refusal(&server.url()).await;
    assert_eq!(kind, EngineErrorKind::Configuration);
    assert!(!message.contains("s3cret"), "{message}");
    let host = format!("127.0.0.1:{}", server.port);
    assert_eq!(refusal(&format!("nats://hub:wrong@{host}")).await.0, kind);
    let options: NatsOptions = format!("nats://hub:s3cret%2F@{host}").parse().unwrap();
    drop(options.connect().await.unwrap());
}

#[tokio::test]
async fn memory_is_warned_of() {
    let Some(server) = Server::start() else {
        return;
    };
    assert!(server.engine().await.warnings().is_empty());
    let client = server.client().await;
    let ask = async |subject: &'static str, body: String| {
        let answer = client.request(subject, body.into()).await.unwrap();
        serde_json::from_slice::<Value>(&answer.payload).unwrap()
    };
    let info = ask("$JS.API.STREAM.INFO.wellspring", String::new()).await;
    ask("$JS.API.STREAM.DELETE.wellspring", String::new()).await;
    let mut config = info["config"].clone();
    config["storage"] = json!("memory");
    ask("$JS.API.STREAM.CREATE.wellspring", config.to_string()).await;
    let engine = server.engine().await;
    assert!(
        engine.warnings()[0].contains("in memory"),
        "{:?}",
        engine.warnings()
    );
}

#[tokio::test]
async fn tls_is_held_to_the_authority_that_was_given() {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = tempfile::tempdir().unwrap();
    let certificate = files.path().join("certificate.pem");
    let key = files.path().join("key.pem");
    std::fs::write(&certificate, signed.cert.pem()).unwrap();
    std::fs::write(&key, signed.signing_key.serialize_pem()).unwrap();
    let tls = format!("tls {{ cert_file: {certificate:?}, key_file: {key:?} }}");
    let Some(server) = Server::start_with(&tls) else {
        return;
    };
    let address = format!("tls://localhost:{}", server.port);
    let (kind, _) = refusal(&address).await;
    assert_eq!(
        kind,
        EngineErrorKind::Unavailable,
        "the system does not know it"
    );
    let address = format!("{address}?ca={}", certificate.display());
    let options: NatsOptions = address.parse().unwrap();
    drop(options.connect().await.unwrap());
}
