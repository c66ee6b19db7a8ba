//! Keys of the hub: from files, from the network, over TLS.
//!
//! Next: `decode.rs`.

use crate::hub::Hub;
use crate::support::{Program, command, wellspring};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// HS256 of `{"mercure":{"publish":["*"]}}` with the secret below, made with openssl.
pub(crate) const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJtZXJjdXJlIjp7InB1Ymxpc2giOlsiKiJdfX0.a8cjcSRUAcHdnGNMKifA4BK5epRXxQI0UBp2XpNrBdw";
pub(crate) const SECRET: &str = "!ChangeThisMercureHubJWTSecretKey!";

pub(crate) async fn publish(hub: &Hub, token: &str) -> String {
    let head =
        format!("POST /.well-known/mercure HTTP/1.1\r\nAuthorization: Bearer {token}\r\n{FORM}");
    hub.ask(&head, "topic=a&data=x").await
}

#[tokio::test]
async fn a_key_may_be_in_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{SECRET}\n")).unwrap();
    let key = format!("file:{}", file.path().display());
    let hub = Hub::start(&["--publisher-key", &key]).await;
    let answer = publish(&hub, TOKEN).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.contains("\r\n\r\n~"),
        "{answer}"
    );
    let other = Hub::start(&["--publisher-key", "another secret with 32 bytes or so"]).await;
    let answer = publish(&other, TOKEN).await;
    assert!(
        answer.starts_with("HTTP/1.1 401 ") && answer.contains("another key"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_folder_keeps_the_history_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let options = ["--data", data, "--anonymous", "--publisher-key", SECRET];
    let hub = Hub::start(&options).await;
    assert!(publish(&hub, TOKEN).await.starts_with("HTTP/1.1 200 "));
    drop(hub);
    let hub = Hub::start(&options).await;
    let url = format!("{}?topic=a&lastEventID=earliest", hub.url);
    let run = wellspring(&["tail", &url, "--data-only", "--count", "1"]).await;
    run.is(0, "x\n");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let run = wellspring(&[
        "hub",
        "--publisher-key",
        SECRET,
        "--data",
        file.to_str().unwrap(),
    ])
    .await;
    run.fails(1, &["--data"]);
}

#[tokio::test]
async fn the_other_hubs_key_is_taken_as_it_is() {
    let mut words = command(&["hub", "--port", "0"]);
    words.env("MERCURE_PUBLISHER_JWT_KEY", SECRET);
    let hub = Hub::introduced(Program::spawn(words)).await;
    let answer = publish(&hub, TOKEN).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn keys_at_a_url_are_fetched_and_a_url_that_fails_is_named() {
    let set = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", set.local_addr().unwrap());
    let key = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    let asked = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut socket, _) = set.accept().await.unwrap();
        let mut head = vec![0; 4_096];
        let length = socket.read(&mut head).await.unwrap();
        let length_of_key = key.len();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length_of_key}\r\n\r\n{key}");
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&head[..length]).into_owned()
    });
    let hub = Hub::start(&["--publisher-key", &url, "--publisher-alg", "EdDSA"]).await;
    assert!(asked.await.unwrap().starts_with("GET /jwks "));
    drop(hub);
    let mut hub = Hub::start(&["--publisher-key", "http://127.0.0.1:1/jwks"]).await;
    assert!(hub.program.note().await.contains("in memory"));
    let note = hub.program.note().await;
    assert!(
        note.contains("http://127.0.0.1:1/jwks") && note.contains("keeping the keys"),
        "{note}"
    );
}
