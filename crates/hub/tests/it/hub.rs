//! A hub in this process, and what is asked of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tower_service::Service;
use wellspring_broker::{Broker, BrokerOptions, Engine, MemoryEngine};
use wellspring_hub::tokens::sign_hs256;
use wellspring_hub::{Hub, HubBody, Settings};

use crate::mint::{HUB, ISSUER, ISSUERS, PUBLISHERS, SUBSCRIBERS, detail, validator};

pub(crate) const PATH: &str = "/.well-known/mercure";

/// A hub with these settings over an empty history.
pub(crate) async fn hub(change: impl FnOnce(&mut Settings)) -> Hub {
    hub_over(Arc::new(MemoryEngine::new()), change).await
}

/// A hub with these settings, one of those over this history.
pub(crate) async fn hub_over(engine: Arc<dyn Engine>, change: impl FnOnce(&mut Settings)) -> Hub {
    let mut settings = Settings::new(validator());
    settings.anonymous = true;
    settings.subscriptions = false;
    change(&mut settings);
    let options = BrokerOptions::default().with_base(settings.url().clone());
    let broker = Broker::open(engine, options).await.unwrap();
    Hub::open(settings, broker).await.unwrap()
}

pub(crate) async fn plain() -> Hub {
    hub(|_| {}).await
}

/// An answer, its body not read yet.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: HubBody,
}

/// An answer that is all there.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Whole {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

pub(crate) async fn send(hub: &Hub, request: Request<Full<Bytes>>) -> Answer {
    let (head, body) = hub.clone().call(request).await.unwrap().into_parts();
    Answer {
        status: head.status,
        headers: head.headers,
        body,
    }
}

pub(crate) async fn ask(hub: &Hub, request: http::request::Builder, body: &str) -> Whole {
    let answer = send(hub, request.body(Full::from(body.to_owned())).unwrap()).await;
    let bytes = answer.body.collect().await.unwrap().to_bytes();
    Whole {
        status: answer.status.as_u16(),
        headers: answer.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

pub(crate) async fn get(hub: &Hub, path: &str) -> Whole {
    ask(hub, Request::get(path), "").await
}

/// A token of the 0.x dialect for publishing to everything.
pub(crate) fn publisher() -> String {
    sign_hs256(
        PUBLISHERS,
        "JWT",
        &json!({ "mercure": { "publish": ["*"] } }),
    )
}

/// A token of the 0.x dialect for these private topics.
pub(crate) fn subscriber(selectors: &[&str]) -> String {
    let claims = json!({ "mercure": { "subscribe": selectors, "payload": { "user": 7 } } });
    sign_hs256(SUBSCRIBERS, "JWT", &claims)
}

/// An access token for now, its details changed.
pub(crate) fn access_token(over: &Value) -> String {
    let claims = json!({
        "iss": ISSUER, "sub": "alice", "aud": HUB, "exp": 4_000_000_000_u64,
        "authorization_details": [detail(over)],
    });
    sign_hs256(ISSUERS, "at+jwt", &claims)
}

/// An access token for everything.
pub(crate) fn access_token_for_all() -> String {
    access_token(&json!({ "topics": [{ "match": "*" }], "payload": 1 }))
}

pub(crate) fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

pub(crate) fn post(token: &str) -> http::request::Builder {
    Request::post(PATH)
        .header("authorization", bearer(token))
        .header("content-type", "application/x-www-form-urlencoded")
}

/// Publishes, and returns the id.
pub(crate) async fn publish(hub: &Hub, form: &str) -> String {
    let answer = ask(hub, post(&publisher()), form).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // Who resumes from an event waits until the hub has read it back.
    let place = Request::get(format!("{PATH}?topic=none")).header("last-event-id", &answer.text);
    let found = send(hub, place.body(Full::default()).unwrap()).await;
    assert_eq!(found.status, 200);
    answer.text
}

/// An event stream that is being read.
pub(crate) struct Reader {
    pub(crate) headers: HeaderMap,
    body: HubBody,
    /// Everything so far.
    pub(crate) text: String,
}

impl Reader {
    /// Opens a stream that has to be one.
    pub(crate) async fn open(hub: &Hub, request: http::request::Builder) -> Self {
        let answer = send(hub, request.body(Full::default()).unwrap()).await;
        let is_stream = answer
            .headers
            .get("content-type")
            .is_some_and(|t| t == "text/event-stream");
        assert!(
            answer.status == 200 && is_stream,
            "{} {:?}",
            answer.status,
            answer.headers
        );
        Self {
            headers: answer.headers,
            body: answer.body,
            text: String::new(),
        }
    }

    pub(crate) async fn get(hub: &Hub, query: &str) -> Self {
        Self::open(hub, Request::get(format!("{PATH}?{query}"))).await
    }

    pub(crate) async fn with(hub: &Hub, query: &str, token: &str) -> Self {
        let request = Request::get(format!("{PATH}?{query}"));
        Self::open(hub, request.header("authorization", bearer(token))).await
    }

    /// The next frame; none at the end.
    pub(crate) async fn frame(&mut self) -> Option<String> {
        let frame = tokio::time::timeout(Duration::from_secs(45), self.body.frame());
        let frame = frame.await.expect("a frame, or the end")?;
        let bytes = frame.unwrap().into_data().unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        self.text += &text;
        Some(text)
    }

    /// Reads until this stands there.
    pub(crate) async fn until(&mut self, wanted: &str) -> &str {
        while !self.text.contains(wanted) {
            assert!(
                self.frame().await.is_some(),
                "ended before {wanted}: {}",
                self.text
            );
        }
        &self.text
    }

    /// Reads to the end.
    pub(crate) async fn rest(&mut self) -> &str {
        while self.frame().await.is_some() {}
        &self.text
    }

    /// The data of the events so far.
    pub(crate) fn data(&self) -> Vec<&str> {
        let lines = self.text.lines();
        lines
            .filter_map(|line| line.strip_prefix("data: "))
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
