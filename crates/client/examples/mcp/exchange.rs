//! What the eras of MCP share. In: a request. Out: its answer when that is JSON, or the body of an event stream.
//!
//! Next: `era_2025.rs`.

use std::error::Error;
use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Method, StatusCode};
use serde_json::Value;
use wellspring::fetch::{FetchRequest, fetch};
use wellspring::transport::{Body, HttpTransport};

/// The longest answer that is not a stream, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

pub(crate) enum Answered {
    Json(Value),
    EventStream(Body),
}

/// Asks with POST. Either form of an answer will do.
pub(crate) async fn post(
    url: &str,
    headers: HeaderMap,
    message: &Value,
) -> Result<Answered, Box<dyn Error>> {
    let mut request = FetchRequest::new(url.parse()?);
    request.method = Method::POST;
    request.headers = headers;
    let either = HeaderValue::from_static("application/json, text/event-stream");
    request.headers.insert(ACCEPT, either);
    let json = HeaderValue::from_static("application/json");
    request.headers.insert(CONTENT_TYPE, json);
    request.body = message.to_string().into();
    let transport = Arc::new(HttpTransport::default());
    let response = fetch(transport, request).await?.response;
    if response.status() == StatusCode::NOT_FOUND {
        return Err("the session is gone: begin another one".into());
    }
    if response.status() != StatusCode::OK {
        return Err(format!("the server answers {}", response.status()).into());
    }
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    // What stands behind the semicolon is the charset.
    match content_type.and_then(|text| text.split(';').next()) {
        Some("text/event-stream") => Ok(Answered::EventStream(response.into_body())),
        Some("application/json") => {
            let bytes = whole(response.into_body()).await?;
            Ok(Answered::Json(serde_json::from_slice(&bytes)?))
        }
        other => Err(format!("neither JSON nor an event stream: {other:?}").into()),
    }
}

async fn whole(mut body: Body) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next_chunk().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() > LONGEST {
            return Err(format!("an answer of more than {LONGEST} bytes").into());
        }
    }
    Ok(bytes)
}

/// Whether a message is the answer to a request, not a notice or a request of the server's.
pub(crate) fn is_answer(message: &Value, request: &Value) -> bool {
    let answers = message.get("result").or_else(|| message.get("error"));
    answers.is_some() && message["id"] == request["id"]
}
