//! A part of a stream, as it is. In: where to begin, and how many messages. Out: these.
//!
//! Next: `trim.rs`, `presence.rs`.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;
use wellspring_broker::EngineError;

use crate::api::ApiError;
use crate::consumer::{Consumer, Delivered, Item};
use crate::requests::{Requests, Unanswered};

/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(5);

/// How many messages are on their way.
const AT_ONCE: u64 = 256;

/// What is there now, up to so many messages.
pub(crate) async fn scan(
    requests: &Requests,
    stream: &str,
    start: Value,
    most: u64,
) -> Result<Vec<Delivered>, EngineError> {
    let mut consumer = Consumer::create(requests, stream, start).await?;
    let count = consumer.pending.min(most);
    let mut messages = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    let mut left = count;
    while left > 0 {
        consumer.ask(requests, left.min(AT_ONCE)).await?;
        match timeout(SILENCE, consumer.next()).await {
            Ok(Item::Message(message)) => {
                messages.push(message);
                left -= 1;
            }
            // What was there has gone meanwhile.
            Ok(Item::Heartbeat) => break,
            Ok(Item::Broken(why)) => return Err(ApiError::Malformed(why).into()),
            Err(_) => return Err(ApiError::Unanswered(Unanswered::Lost).into()),
        }
    }
    consumer.close(requests).await;
    Ok(messages)
}
