//! Messages in the order of the stream. In: where to begin. Out: messages as they come, and signs of life
//! in between.
//!
//! The server is asked for a limited number at a time, so that no more than that is ever on its way.
//!
//! Next: `follow.rs`, `scan.rs`.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use async_nats::{HeaderMap, Message, Subscriber};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::api::{self, ApiError};
use crate::names::API;
use crate::polls::next;
use crate::requests::{Requests, Unanswered};

/// The server forgets a consumer that nobody has asked for so long, in nanoseconds.
const FORGOTTEN_AFTER: u64 = 20_000_000_000;

/// How long the server holds a request for messages that are still to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many bytes are on their way, if single messages may not be larger.
const MOST_BYTES: usize = 4 << 20;

/// Signs of life while there is nothing to send.
const HEARTBEAT: Duration = Duration::from_secs(1);

pub(crate) struct Consumer {
    stream: String,
    name: String,
    inbox: String,
    messages: Subscriber,
    /// How many messages there were when it was made.
    pub(crate) pending: u64,
    /// How many messages have been asked for and have not come.
    asked: u64,
    /// How many bytes the server sends for one request.
    most_bytes: usize,
}

pub(crate) enum Item {
    Message(Delivered),
    Heartbeat,
    /// The server has no such consumer any more, or takes no request.
    Broken(String),
}

pub(crate) struct Delivered {
    pub(crate) position: u64,
    pub(crate) headers: Option<HeaderMap>,
    pub(crate) payload: Bytes,
}

impl Consumer {
    /// Begins at this position, or behind what is there.
    pub(crate) fn from(position: u64) -> Value {
        json!({ "deliver_policy": "by_start_sequence", "opt_start_seq": position })
    }

    pub(crate) async fn create(
        requests: &Requests,
        stream: &str,
        start: Value,
    ) -> Result<Self, ApiError> {
        let mut config = start;
        config["ack_policy"] = json!("none");
        config["replay_policy"] = json!("instant");
        config["mem_storage"] = json!(true);
        config["num_replicas"] = json!(1);
        config["inactive_threshold"] = json!(FORGOTTEN_AFTER);
        let info = api::create_consumer(requests, stream, &config).await?;
        let client = requests.client();
        let inbox = client.new_inbox();
        let messages = client.subscribe(inbox.clone()).await;
        let messages = messages.map_err(|_| ApiError::Unanswered(Unanswered::Away))?;
        Ok(Self {
            stream: stream.to_owned(),
            name: info.name,
            inbox,
            messages,
            pending: info.num_pending,
            asked: 0,
            most_bytes: MOST_BYTES.max(2 * client.max_payload()),
        })
    }

    /// Sees to it that so many messages are asked for.
    pub(crate) async fn ask(&mut self, requests: &Requests, count: u64) -> Result<(), ApiError> {
        // Not for each message that came.
        if self.asked > count / 2 {
            return Ok(());
        }
        let batch = count - self.asked;
        let wanted = json!({
            "batch": batch,
            "max_bytes": self.most_bytes,
            "expires": nanoseconds(PATIENCE),
            "idle_heartbeat": nanoseconds(HEARTBEAT),
        });
        let subject = format!("{API}.CONSUMER.MSG.NEXT.{}.{}", self.stream, self.name);
        let payload = Bytes::from(wanted.to_string());
        let client = requests.client();
        let sent = client.publish_with_reply(subject, self.inbox.clone(), payload);
        sent.await
            .map_err(|_| ApiError::Unanswered(Unanswered::Away))?;
        self.asked += batch;
        Ok(())
    }

    pub(crate) async fn next(&mut self) -> Item {
        loop {
            let Some(message) = next(&mut self.messages).await else {
                return Item::Broken("the connection to NATS was closed".to_owned());
            };
            match message.status {
                None => {
                    if let Some(delivered) = delivered(message) {
                        self.asked = self.asked.saturating_sub(1);
                        return Item::Message(delivered);
                    }
                }
                Some(status) if status.as_u16() == 100 => return Item::Heartbeat,
                Some(status) => {
                    // The request has ended; what is left of it will not come.
                    if let Some(left) = header(&message, "Nats-Pending-Messages") {
                        self.asked = self.asked.saturating_sub(left);
                        return Item::Heartbeat;
                    }
                    let why = message.description.unwrap_or_default();
                    return Item::Broken(format!("JetStream says: {why} ({status})"));
                }
            }
        }
    }

    /// What has come already, if anything.
    pub(crate) async fn at_once(&mut self) -> Option<Item> {
        let mut next = pin!(self.next());
        poll_fn(|cx| match next.as_mut().poll(cx) {
            Poll::Ready(item) => Poll::Ready(Some(item)),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }

    /// Tells the server that it is not needed any more.
    pub(crate) async fn close(self, requests: &Requests) {
        let subject = format!("{API}.CONSUMER.DELETE.{}.{}", self.stream, self.name);
        // If that does not arrive, the server forgets it by itself.
        let _ = requests.client().publish(subject, Bytes::new()).await;
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn header(message: &Message, name: &str) -> Option<u64> {
    let value = message.headers.as_ref()?.get(name)?;
    value.as_str().parse().ok()
}

/// Nothing if the message does not say where it stands.
fn delivered(message: Message) -> Option<Delivered> {
    let position = position(message.reply.as_deref()?)?;
    Some(Delivered {
        position,
        headers: message.headers,
        payload: message.payload,
    })
}

/// From `$JS.ACK.STREAM.CONSUMER.DELIVERED.POSITION.…`, which newer servers begin with the domain and the
/// account.
fn position(reply: &str) -> Option<u64> {
    let tokens: Vec<&str> = reply.split('.').collect();
    let index = match tokens.len() {
        9 => 5,
        11.. => 7,
        _ => return None,
    };
    let is_ack = tokens.starts_with(&["$JS", "ACK"]);
    is_ack.then(|| tokens[index].parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn both_forms_of_an_acknowledgement_are_read() {
        let of = |reply| position(reply);
        assert_eq!(of("$JS.ACK.shop.c1.1.42.7.1234.0"), Some(42));
        assert_eq!(of("$JS.ACK._.hash.shop.c1.1.42.7.1234.0"), Some(42));
        assert_eq!(of("$JS.ACK._.hash.shop.c1.1.42.7.1234.0.x"), Some(42));
        for other in [
            "",
            "$JS.ACK",
            "a.b.c.d.e.1.f.g.h",
            "$JS.ACK.shop.c1.1.x.7.1.0",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
