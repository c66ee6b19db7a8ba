//! MCP from 2026-07: no event ids and no resumption. A stream belongs to its request and ends with the answer; closing it
//! is cancelling the call, and comments keep it alive.
//!
//! Next: `main.rs`.

use std::error::Error;
use std::time::Duration;

use http::header::HeaderMap;
use serde_json::Value;
use wellspring::EventSourceBuilder;

use super::exchange::{Answered, is_answer, post};

/// A server that is silent for so long, comments included, is gone.
const IDLE: Duration = Duration::from_secs(5 * 60);

/// The answer to `request`; everything else that the server says goes to `notice`. Dropping the future cancels the call.
pub(crate) async fn call(
    url: &str,
    request: &Value,
    mut notice: impl FnMut(Value),
) -> Result<Value, Box<dyn Error>> {
    let body = match post(url, HeaderMap::new(), request).await? {
        Answered::Json(answer) => return Ok(answer),
        Answered::EventStream(body) => body,
    };
    let asked = request.clone();
    let mut source = EventSourceBuilder::from_body(body)
        .idle_timeout(Some(IDLE))
        .terminal_event(move |event| {
            let message = serde_json::from_str(event.data);
            message.is_ok_and(|message: Value| is_answer(&message, &asked))
        })
        .build()?;
    let mut messages = source.json::<Value>();
    while let Some(message) = messages.next().await {
        let message = message?.value;
        if is_answer(&message, request) {
            return Ok(message);
        }
        notice(message);
    }
    Err("the source was closed".into())
}
