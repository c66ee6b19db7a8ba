//! What is dropped. In: what is to be kept. Out: a stream without the rest.
//!
//! The number of records is a limit of the stream: the server keeps it. Its own limits of bytes and age
//! would drop the newest record too, so those are kept here, once a second, by every node alike.
//!
//! Next: `scan.rs`, `view.rs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_nats::HeaderMap;
use serde_json::json;
use wellspring_broker::{EngineError, Retention};

use crate::api::{self, DEADLINE};
use crate::consumer::{Consumer, Delivered};
use crate::frame::FIXED;
use crate::scan::scan;
use crate::shared::Shared;
use crate::time;
use crate::view::View;

/// How many messages are looked at before something is dropped.
const AT_ONCE: u64 = 4_096;

/// What the server says of a message whose bytes are left out.
const SIZE: &str = "Nats-Msg-Size";

/// What the server stores of a message beside subject, headers and bytes.
const STORED_BESIDE: usize = 22 + 4 + 8;

/// A message id in its header.
const HEADERS: usize = "NATS/1.0\r\nNats-Msg-Id: \r\n\r\n".len() + 33;

impl Shared {
    pub(crate) async fn trim(&self, retention: Retention) -> Result<(), EngineError> {
        self.set_retention(retention);
        self.limit_records(retention).await?;
        while self.drop_old(retention).await? {}
        Ok(())
    }

    /// Tells a stream that was made anew what is to be kept.
    pub(crate) async fn restore_limits(&self) -> Result<(), EngineError> {
        match self.retention() {
            Some(retention) => self.limit_records(retention).await,
            None => Ok(()),
        }
    }

    async fn limit_records(&self, retention: Retention) -> Result<(), EngineError> {
        let view = self.look(DEADLINE).await?;
        // One more, for its tag.
        let most = retention.events.clamp(1, 1 << 62) + 1;
        if view.most_messages() != Some(most) {
            let mut config = view.config.clone();
            config["max_msgs"] = json!(most);
            api::update_stream(&self.requests, &self.names.stream, &config).await?;
        }
        Ok(())
    }

    /// Drops some of what is too old or too much. Returns true if there may be more.
    pub(crate) async fn drop_old(&self, retention: Retention) -> Result<bool, EngineError> {
        let view = self.look(DEADLINE).await?;
        let by_age = match retention.age {
            Some(age) => self.horizon_by_age(&view, age).await?,
            None => None,
        };
        let by_bytes = self.horizon_by_bytes(&view, retention.bytes).await?;
        let Some(horizon) = by_age.max(by_bytes).filter(|new| *new > view.horizon()) else {
            return Ok(false);
        };
        if let Some(position) = view.numbering.position(horizon - 1) {
            api::purge_before(&self.requests, &self.names.stream, position).await?;
        }
        // One that looks the same afterwards cannot be dropped, such as the first of all.
        Ok(by_bytes == Some(horizon) && self.look(DEADLINE).await?.horizon() > view.horizon())
    }

    /// The oldest record that is young enough, or the newest.
    async fn horizon_by_age(&self, view: &View, age: Duration) -> Result<Option<u64>, EngineError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let Some(limit) = now.unwrap_or_default().checked_sub(age) else {
            return Ok(None);
        };
        let oldest = time::parse(&view.first_time).unwrap_or(limit);
        if oldest >= limit || view.horizon() >= view.head() {
            return Ok(None);
        }
        let start = json!({
            "deliver_policy": "by_start_time",
            "opt_start_time": time::format(limit),
            "headers_only": true,
        });
        let young = scan(&self.requests, &self.names.stream, start, 1).await?;
        let first = young.first();
        let number = first.and_then(|first| view.numbering.number(first.position));
        Ok(Some(number.unwrap_or(view.head()).min(view.head())))
    }

    /// The oldest record of those that fit, or the newest.
    async fn horizon_by_bytes(&self, view: &View, most: u64) -> Result<Option<u64>, EngineError> {
        let mut kept = self.record_bytes(view);
        if kept <= most || view.horizon() >= view.head() {
            return Ok(None);
        }
        let mut start = Consumer::from(view.first);
        start["headers_only"] = json!(true);
        let messages = scan(&self.requests, &self.names.stream, start, AT_ONCE).await?;
        let mut horizon = view.horizon();
        for message in messages {
            let number = view.numbering.number(message.position);
            let is_record = number.is_some_and(|number| number >= view.horizon());
            if kept <= most && is_record || number.is_some_and(|number| number >= view.head()) {
                break;
            }
            kept = kept.saturating_sub(size(&message));
            horizon = number.map_or(horizon, |number| horizon.max(number + 1));
        }
        Ok(Some(horizon))
    }

    /// The bytes of all records, and of the one that is kept for its tag.
    fn record_bytes(&self, view: &View) -> u64 {
        let subject = self.names.record(view.epoch(), None).len();
        let beside = (STORED_BESIDE + subject + HEADERS + FIXED) as u64;
        view.bytes
            .saturating_sub(view.messages.saturating_mul(beside))
    }
}

/// The bytes of the record.
fn size(message: &Delivered) -> u64 {
    let value = |headers: &HeaderMap| headers.get(SIZE)?.as_str().parse::<u64>().ok();
    let size = message.headers.as_ref().and_then(value);
    let size = size.unwrap_or(message.payload.len() as u64);
    size.saturating_sub(FIXED as u64)
}
