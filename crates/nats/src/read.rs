//! Reading. In: numbers and ids. Out: records, and where the history begins and ends.
//!
//! Pages are read from any server that has the stream; one that is behind is asked no further. What decides
//! something is read from the stream's leader.
//!
//! Next: `view.rs`, `consumer.rs`.

use async_nats::StatusCode;
use bytes::Bytes;
use serde_json::json;
use wellspring_broker::{Bounds, EngineError, Page, PageLimits, StoredRecord};

use crate::api::{self, ApiError, DEADLINE};
use crate::frame;
use crate::names::API;
use crate::requests::Unanswered;
use crate::shared::Shared;
use crate::view::View;

/// How many messages are asked for before the first of them has come.
const AT_ONCE: usize = 64;

impl Shared {
    pub(crate) async fn page(&self, after: u64, limits: PageLimits) -> Result<Page, EngineError> {
        let view = self.look(DEADLINE).await?;
        let (horizon, head) = (view.horizon(), view.head());
        let mut next = after.saturating_add(1).max(horizon);
        let mut records: Vec<StoredRecord> = Vec::new();
        let (most, mut room) = (limits.records.max(1), limits.bytes);
        'page: while next <= head && records.len() < most {
            let left = usize::try_from(head - next + 1).unwrap_or(usize::MAX);
            let count = left.min(most - records.len()).min(at_once(&view, room));
            let read = self.read(&view, next, count).await?;
            let complete = read.len() == count;
            for record in read {
                if record.record.len() > room && !records.is_empty() {
                    break 'page;
                }
                room = room.saturating_sub(record.record.len());
                next = record.sequence + 1;
                records.push(record);
            }
            if !complete {
                break;
            }
        }
        Ok(Page::new(view.epoch(), records, horizon, head))
    }

    /// So many records from this one on, or fewer if one of them is not there.
    async fn read(
        &self,
        view: &View,
        first: u64,
        count: usize,
    ) -> Result<Vec<StoredRecord>, EngineError> {
        let subject = format!("{API}.DIRECT.GET.{}", self.names.stream);
        let mut answers = Vec::with_capacity(count);
        for number in (first..).take(count) {
            let Some(position) = view.numbering.position(number) else {
                break;
            };
            let payload = Bytes::from(json!({ "seq": position }).to_string());
            let answer = self
                .requests
                .send(subject.clone(), async_nats::HeaderMap::new(), payload);
            answers.push((number, position, answer.await.map_err(ApiError::from)?));
        }
        let mut records = Vec::with_capacity(count);
        for (number, position, answer) in answers {
            let payload = match answer.within(DEADLINE).await {
                Ok(message) if message.status.is_none() => Some(message.payload),
                Ok(message) if message.status == Some(StatusCode::NOT_FOUND) => {
                    self.message(position).await?.map(|message| message.payload)
                }
                Ok(_) | Err(Unanswered::NobodyThere) => {
                    self.message(position).await?.map(|message| message.payload)
                }
                Err(unanswered) => return Err(ApiError::from(unanswered).into()),
            };
            let Some(payload) = payload else {
                break;
            };
            records.push(frame::stored(number, &payload));
        }
        Ok(records)
    }

    pub(crate) async fn find(&self, id: &str) -> Result<Option<u64>, EngineError> {
        let view = self.look(DEADLINE).await?;
        let past = view.numbering.past.iter().map(|past| past.epoch);
        let mut found: Option<u64> = None;
        for epoch in past.chain([view.epoch()]) {
            let subject = self.names.record(epoch, Some(id));
            let in_epoch = self.find_under(&view, &subject, id).await?;
            found = found.into_iter().chain(in_epoch).min();
        }
        Ok(found)
    }

    /// The first record with this id that has this subject. Other ids may have it too.
    async fn find_under(
        &self,
        view: &View,
        subject: &str,
        id: &str,
    ) -> Result<Option<u64>, EngineError> {
        let Some(mut position) = view.numbering.position(view.horizon()) else {
            return Ok(None);
        };
        loop {
            let which = json!({ "seq": position, "next_by_subj": subject });
            let message = api::get(&self.requests, &self.names.stream, &which).await?;
            let Some(message) = message else {
                return Ok(None);
            };
            let framed = frame::decode(&message.payload);
            let is_it = framed.is_some_and(|framed| framed.id.as_deref() == Some(id.as_bytes()));
            let number = view.numbering.number(message.position);
            if is_it && number.is_some() {
                return Ok(number);
            }
            position = message.position + 1;
        }
    }

    pub(crate) async fn bounds(&self) -> Result<Bounds, EngineError> {
        let view = self.look(DEADLINE).await?;
        self.bounds_of(&view).await
    }

    pub(crate) async fn bounds_of(&self, view: &View) -> Result<Bounds, EngineError> {
        let (horizon, head) = (view.horizon(), view.head());
        let mut bounds = Bounds::empty(view.epoch());
        bounds.lineage = view.numbering.lineage();
        (bounds.horizon, bounds.head) = (horizon, head);
        bounds.head_tag = self.tag(view, head).await?.unwrap_or(0);
        bounds.trimmed_tag = self.tag(view, horizon - 1).await?;
        Ok(bounds)
    }

    /// The tag of this record, if it is there or was seen.
    pub(crate) async fn tag(&self, view: &View, number: u64) -> Result<Option<u64>, EngineError> {
        if number == 0 {
            return Ok(Some(0));
        }
        let stored = match view.numbering.position(number) {
            Some(position) => self.message(position).await?,
            None => None,
        };
        Ok(match stored {
            Some(message) => Some(frame::stored(number, &message.payload).tag),
            None => self.known().tag(number),
        })
    }
}

/// So many that they have room, by their average.
fn at_once(view: &View, room: usize) -> usize {
    let average = view.bytes.checked_div(view.messages).unwrap_or(0).max(1);
    let average = usize::try_from(average).unwrap_or(usize::MAX);
    (room / average + 1).min(AT_ONCE)
}
