//! What is asked of JetStream. In: names and numbers. Out: what the server says of its streams.
//!
//! Next: `stream.rs`, `read.rs`.

mod answers;

use std::time::Duration;

use async_nats::Message;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) use answers::{ApiError, ConsumerInfo, PublishAck, StoredMessage, StreamInfo};

use crate::names::API;
use crate::requests::{Requests, Unanswered};
use answers::{Envelope, Gotten};

/// How long a request may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);

/// Whether this account has JetStream.
pub(crate) async fn account(requests: &Requests) -> Result<(), ApiError> {
    ask::<Value>(requests, "INFO", &Value::Null, DEADLINE)
        .await
        .map(drop)
}

/// The stream's configuration and state.
pub(crate) async fn stream_info(
    requests: &Requests,
    stream: &str,
    deadline: Duration,
) -> Result<StreamInfo, ApiError> {
    let subject = format!("STREAM.INFO.{stream}");
    ask(requests, &subject, &Value::Null, deadline).await
}

/// The same, with the positions of messages that were deleted from its middle.
pub(crate) async fn deleted(requests: &Requests, stream: &str) -> Result<Vec<u64>, ApiError> {
    let subject = format!("STREAM.INFO.{stream}");
    let asked = json!({ "deleted_details": true });
    let info: StreamInfo = ask(requests, &subject, &asked, DEADLINE).await?;
    Ok(info.state.deleted.unwrap_or_default())
}

pub(crate) async fn create_stream(
    requests: &Requests,
    stream: &str,
    config: &Value,
) -> Result<(), ApiError> {
    let subject = format!("STREAM.CREATE.{stream}");
    ask::<StreamInfo>(requests, &subject, config, DEADLINE)
        .await
        .map(drop)
}

pub(crate) async fn update_stream(
    requests: &Requests,
    stream: &str,
    config: &Value,
) -> Result<(), ApiError> {
    let subject = format!("STREAM.UPDATE.{stream}");
    ask::<StreamInfo>(requests, &subject, config, DEADLINE)
        .await
        .map(drop)
}

/// Drops all messages before this position.
pub(crate) async fn purge_before(
    requests: &Requests,
    stream: &str,
    position: u64,
) -> Result<(), ApiError> {
    purge(requests, stream, &json!({ "seq": position })).await
}

/// Drops all messages with this subject.
pub(crate) async fn purge_subject(
    requests: &Requests,
    stream: &str,
    subject: &str,
) -> Result<(), ApiError> {
    purge(requests, stream, &json!({ "filter": subject })).await
}

async fn purge(requests: &Requests, stream: &str, what: &Value) -> Result<(), ApiError> {
    let subject = format!("STREAM.PURGE.{stream}");
    ask::<Value>(requests, &subject, what, DEADLINE)
        .await
        .map(drop)
}

/// The message that is asked for, by the stream's leader; nothing if it is not there.
pub(crate) async fn get(
    requests: &Requests,
    stream: &str,
    which: &Value,
) -> Result<Option<StoredMessage>, ApiError> {
    let subject = format!("STREAM.MSG.GET.{stream}");
    match ask::<Gotten>(requests, &subject, which, DEADLINE).await {
        Ok(gotten) => gotten.message.decoded().map(Some),
        Err(error) if error.is_no_message() => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) async fn create_consumer(
    requests: &Requests,
    stream: &str,
    config: &Value,
) -> Result<ConsumerInfo, ApiError> {
    let subject = format!("CONSUMER.CREATE.{stream}");
    let asked = json!({ "stream_name": stream, "config": config });
    ask(requests, &subject, &asked, DEADLINE).await
}

async fn ask<T: DeserializeOwned>(
    requests: &Requests,
    subject: &str,
    body: &Value,
    deadline: Duration,
) -> Result<T, ApiError> {
    let payload = match body {
        Value::Null => Bytes::new(),
        body => Bytes::from(body.to_string()),
    };
    let subject = format!("{API}.{subject}");
    let answer = requests.ask(subject, payload, deadline).await;
    parse(&answer?)
}

/// What an answer says, or the error that it reports.
pub(crate) fn parse<T: DeserializeOwned>(answer: &Message) -> Result<T, ApiError> {
    let envelope: Envelope = serde_json::from_slice(&answer.payload)?;
    if let Some(error) = envelope.error {
        return Err(ApiError::Refused(error));
    }
    Ok(serde_json::from_slice(&answer.payload)?)
}

impl From<Unanswered> for ApiError {
    fn from(unanswered: Unanswered) -> Self {
        Self::Unanswered(unanswered)
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}
