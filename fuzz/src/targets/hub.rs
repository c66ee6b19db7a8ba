//! The hub's face: forms, queries, headers. In: a request. Out: a panic when it is answered by what a hub never
//! says, or when what is published does not arrive as it was sent.
//!
//! Next: `cursor.rs`.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use tokio::runtime::Builder;
use tower_service::Service;
use wellspring_broker::{Broker, BrokerOptions, MemoryEngine};
use wellspring_hub::tokens::{Algorithm, Key, Keys, Validator, sign_hs256};
use wellspring_hub::{Hub, HubBody, Settings};

use crate::Input;

const PATH: &str = "/.well-known/mercure";
const SECRET: &[u8] = b"a secret of at least 32 bytes, please";

pub(crate) fn run(bytes: &[u8]) {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(answer(bytes));
}

async fn answer(bytes: &[u8]) {
    let hub = hub().await;
    let mut input = Input::new(bytes);
    let kind = input.byte();
    if kind % 2 == 0 {
        let form = input.rest().to_vec();
        let claims = serde_json::json!({ "mercure": { "publish": ["*"] } });
        let token = sign_hs256(SECRET, "JWT", &claims);
        let request = Request::post(PATH)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/x-www-form-urlencoded");
        let response = send(&hub, request, form).await;
        if response.status() == 200 {
            arrives(&hub, response).await;
        }
        return;
    }
    let last_event_id = input.text().into_owned();
    let query: String = input.rest().iter().map(|byte| escaped(*byte)).collect();
    let mut request = Request::get(format!("{PATH}?{query}"));
    if let Ok(value) = http::HeaderValue::try_from(last_event_id) {
        request = request.header("last-event-id", value);
    }
    let response = send(&hub, request, Vec::new()).await;
    assert!(
        matches!(response.status().as_u16(), 200 | 400 | 401 | 413),
        "{response:?}"
    );
    if response.status() == 200 {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
    }
}

/// What a URI can hold goes as it is.
fn escaped(byte: u8) -> String {
    let is_plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte);
    match is_plain {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    }
}

async fn hub() -> Hub {
    let key = Keys::new().key(Key::secret(SECRET, Algorithm::Hs256).expect("it is one"));
    let mut settings = Settings::new(Validator {
        publishers: key.clone(),
        subscribers: key,
        issuers: Vec::new(),
        resource: "https://hub.example/.well-known/mercure"
            .parse()
            .expect("a URL"),
        legacy: true,
    });
    settings.anonymous = true;
    let options = BrokerOptions::default().with_base(settings.url().clone());
    let broker = Broker::open(Arc::new(MemoryEngine::new()), options).await;
    let hub = Hub::open(settings, broker.expect("memory opens")).await;
    hub.expect("memory opens")
}

async fn send(hub: &Hub, request: http::request::Builder, body: Vec<u8>) -> Response<HubBody> {
    let request = request
        .body(Full::new(Bytes::from(body)))
        .expect("a request");
    match hub.clone().call(request).await {
        Ok(response) => {
            let status = response.status().as_u16();
            assert!(
                matches!(status, 200 | 400 | 401 | 403 | 413),
                "{response:?}"
            );
            response
        }
        Err(never) => match never {},
    }
}

/// One event has the id that was answered, and no line of it begins another event.
async fn arrives(hub: &Hub, response: Response<HubBody>) {
    let id = response
        .into_body()
        .collect()
        .await
        .expect("bytes")
        .to_bytes();
    let id = String::from_utf8(id.to_vec()).expect("an id is text");
    assert!(!id.is_empty() && !id.contains(['\r', '\n', '\0']), "{id:?}");
    let claims = serde_json::json!({ "mercure": { "subscribe": ["*"] } });
    let token = sign_hs256(SECRET, "JWT", &claims);
    // Who resumes behind it waits until the hub has it; from the beginning it is there then.
    for place in [id.as_str(), "earliest"] {
        let request = Request::get(format!("{PATH}?topic=*"))
            .header(
                "last-event-id",
                http::HeaderValue::from_bytes(place.as_bytes()).expect("an id"),
            )
            .header("authorization", format!("Bearer {token}"));
        let mut response = send(hub, request, Vec::new()).await;
        assert_eq!(response.status(), 200);
        if place == "earliest" {
            let body = response.body_mut();
            assert!(!body.is_end_stream());
            body.frame()
                .await
                .expect("an opening")
                .expect("never fails");
            let event = body.frame().await.expect("an event").expect("never fails");
            let event = event.into_data().expect("data");
            let text = String::from_utf8(event.to_vec()).expect("UTF-8");
            assert!(text.contains(&format!("id: {id}\n")), "{text:?}");
            let inner = text.trim_end_matches('\n');
            assert!(!inner.contains("\n\n") && !inner.contains('\r'), "{text:?}");
        }
    }
}
