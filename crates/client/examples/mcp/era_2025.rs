//! MCP from 2025-03 to 2025-11: a stream that is cut off is resumed with GET and the last event ID, however it began. Its
//! first event may be one with an id and empty data, so that there is something to resume from; `retry` says when.
//!
//! Next: `era_2026.rs`.

use std::error::Error;

use http::StatusCode;
use http::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use wellspring::{EventSource, EventSourceBuilder, Failure, Reconnection};

use super::exchange::{Answered, is_answer, post};

/// The answer to `request`; everything else that the server says goes to `notice`.
pub(crate) async fn call(
    url: &str,
    session: Option<&str>,
    request: &Value,
    mut notice: impl FnMut(Value),
) -> Result<Value, Box<dyn Error>> {
    let mut headers = HeaderMap::new();
    if let Some(session) = session {
        headers.insert("mcp-session-id", HeaderValue::from_str(session)?);
    }
    let body = match post(url, headers, request).await? {
        Answered::Json(answer) => return Ok(answer),
        Answered::EventStream(body) => body,
    };
    let mut first = EventSource::from_body(body);
    if let Some(answer) = find(&mut first, request, &mut notice).await? {
        return Ok(answer);
    }
    let id = first.last_event_id();
    if id.is_empty() {
        return Err("the stream was cut off before there was an id to resume from".into());
    }
    let wait = first.reconnection_time();
    tokio::time::sleep(wait).await;
    let reconnection = Reconnection::default().with_initial(wait);
    let builder = listening(url, session).reconnection(reconnection);
    let mut resumed = builder.last_event_id(id).build()?;
    let answer = find(&mut resumed, request, &mut notice).await?;
    answer.ok_or_else(|| "the source was closed".into())
}

/// What the server has to say of its own accord, one event at a time; `None` if it does not offer that.
pub(crate) async fn listen(
    url: &str,
    session: Option<&str>,
) -> Result<Option<EventSource>, Box<dyn Error>> {
    let mut source = listening(url, session).build()?;
    let failed = match source.signals().next().await {
        Some(Err(error)) => Some(error),
        _ => None,
    };
    match failed {
        None => Ok(Some(source)),
        Some(error) if error.status() == Some(StatusCode::METHOD_NOT_ALLOWED) => Ok(None),
        Some(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
            Err("the session is gone: begin another one".into())
        }
        Some(error) => Err(error.into()),
    }
}

fn listening(url: &str, session: Option<&str>) -> EventSourceBuilder {
    let builder = EventSource::builder(url);
    match session {
        Some(session) => builder.header("mcp-session-id", session),
        None => builder,
    }
}

/// Reads until the answer; `None` when the stream has ended or broken off before it.
async fn find(
    source: &mut EventSource,
    request: &Value,
    notice: &mut impl FnMut(Value),
) -> Result<Option<Value>, Box<dyn Error>> {
    let messages = source.json::<Value>();
    let mut messages = messages.except(|event| event.data.is_empty());
    while let Some(message) = messages.next().await {
        match message {
            Ok(message) if is_answer(&message.value, request) => return Ok(Some(message.value)),
            Ok(message) => notice(message.value),
            Err(wellspring::JsonError::Source(error))
                if error.failure() == Some(Failure::NotRepeated) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
