//! Appends. In: records. Out: what became of each.
//!
//! Each has an id by which the server recognises it within the window of keys, however often and however
//! late it arrives: the idempotency key, or the record's own tag and fingerprint. So what is in doubt can
//! be appended again.
//!
//! Next: `requests.rs`, `api.rs`.

use std::time::Duration;

use async_nats::{HeaderMap, Message};
use serde_json::json;
use tokio::time::{Instant, timeout_at};
use wellspring_broker::{Append, AppendOutcome, Epoch, Receipt, Refusal};

use crate::api::{self, ApiError, DEADLINE, PublishAck, StoredMessage};
use crate::error::{is_in_doubt, refused};
use crate::frame;
use crate::names::hash;
use crate::requests::{Answer, Unanswered};
use crate::shared::Shared;

/// How many records are on their way before the first of them has to be answered for.
const AT_ONCE: usize = 1_024;

/// How long it may take to find out whether the epoch has changed.
const LOOK: Duration = Duration::from_secs(1);

const MESSAGE_ID: &str = "Nats-Msg-Id";

/// What was sent, or became of it before that.
enum Sent {
    Waits(Answer),
    Settled(AppendOutcome),
}

impl Shared {
    pub(crate) async fn append(&self, epoch: Epoch, batch: Vec<Append>) -> Vec<AppendOutcome> {
        if let Some(refusal) = self.refusal(epoch).await {
            return vec![AppendOutcome::Refused(refusal); batch.len()];
        }
        let mut outcomes = Vec::with_capacity(batch.len());
        for chunk in batch.chunks(AT_ONCE) {
            let until = Instant::now() + DEADLINE;
            let mut sent = Vec::with_capacity(chunk.len());
            for append in chunk {
                let id = message_id(append);
                let send = timeout_at(until, self.send(epoch, append, &id)).await;
                sent.push(send.unwrap_or(Sent::Settled(AppendOutcome::InDoubt)));
            }
            for (append, sent) in chunk.iter().zip(sent) {
                outcomes.push(self.settle(epoch, append, sent, until).await);
            }
        }
        // A stream takes no records of an epoch that is over: nobody answers then.
        if outcomes.iter().any(may_be_over) && self.is_over(epoch).await {
            let over = outcomes.iter_mut().filter(|outcome| may_be_over(outcome));
            over.for_each(|outcome| *outcome = AppendOutcome::Refused(Refusal::OtherEpoch));
        }
        outcomes
    }

    /// Why nothing can be appended at the moment.
    async fn refusal(&self, epoch: Epoch) -> Option<Refusal> {
        if !self.requests.is_connected() {
            return Some(refused(ApiError::Unanswered(Unanswered::Away).to_string()));
        }
        if self.is_suspect() {
            return Some(refused(
                "the history may have lost its end; that is being found out",
            ));
        }
        if self.view().epoch() != epoch {
            return self.is_over(epoch).await.then_some(Refusal::OtherEpoch);
        }
        None
    }

    /// Whether another epoch is in force. Tails then tell so, who followed them or not.
    async fn is_over(&self, epoch: Epoch) -> bool {
        let view = match self.look(LOOK).await {
            Ok(view) => view,
            Err(_) => self.view(),
        };
        let is_over = view.epoch() != epoch;
        if is_over {
            self.strays.send_modify(|strays| *strays += 1);
        }
        is_over
    }

    async fn send(&self, epoch: Epoch, append: &Append, message_id: &str) -> Sent {
        let too_large = Sent::Settled(AppendOutcome::Refused(Refusal::TooLarge));
        if append.record.len() > self.largest {
            return too_large;
        }
        let Some(payload) = frame::encode(append) else {
            return too_large;
        };
        let subject = self.names.record(epoch, append.id.as_deref());
        let mut headers = HeaderMap::new();
        headers.insert(MESSAGE_ID, message_id);
        match self.requests.send(subject, headers, payload).await {
            Ok(answer) => Sent::Waits(answer),
            Err(Unanswered::NotTaken) => too_large,
            Err(unanswered) => Sent::Settled(outcome(&unanswered.into())),
        }
    }

    async fn settle(
        &self,
        epoch: Epoch,
        append: &Append,
        sent: Sent,
        until: Instant,
    ) -> AppendOutcome {
        match self.acknowledged(sent, until).await {
            Ok(ack) if ack.duplicate => self.duplicate(epoch, append, ack.seq, until).await,
            Ok(ack) => self.appended(append, ack.seq),
            Err(outcome) => outcome,
        }
    }

    async fn acknowledged(&self, sent: Sent, until: Instant) -> Result<PublishAck, AppendOutcome> {
        let answer = match sent {
            Sent::Waits(answer) => answer,
            Sent::Settled(outcome) => return Err(outcome),
        };
        let left = until.saturating_duration_since(Instant::now());
        let answer = answer.within(left).await.map_err(ApiError::from);
        let ack = answer.and_then(|answer: Message| api::parse(&answer));
        ack.map_err(|error| outcome(&error))
    }

    fn appended(&self, append: &Append, position: u64) -> AppendOutcome {
        // If the epoch has ended meanwhile, it can be found when it is appended again.
        let Some(number) = self.view().numbering.number(position) else {
            return AppendOutcome::InDoubt;
        };
        self.known().promise(number);
        AppendOutcome::Appended(Receipt::new(number, append.tag, append.fingerprint))
    }

    /// The server knows the message id, of the message at this position.
    async fn duplicate(
        &self,
        epoch: Epoch,
        append: &Append,
        position: u64,
        until: Instant,
    ) -> AppendOutcome {
        if position == 0 {
            return AppendOutcome::InDoubt;
        }
        if self.view().numbering.number(position).is_some() {
            return self.receipt(append, position).await;
        }
        // It was taken back with the end of its epoch: this time it is another message.
        let id = format!("{}{epoch}", message_id(append));
        let id = message_id_of(id.as_bytes());
        let sent = timeout_at(until, self.send(epoch, append, &id)).await;
        let sent = sent.unwrap_or(Sent::Settled(AppendOutcome::InDoubt));
        match self.acknowledged(sent, until).await {
            Ok(ack) if ack.duplicate => self.receipt(append, ack.seq).await,
            Ok(ack) => self.appended(append, ack.seq),
            Err(outcome) => outcome,
        }
    }

    /// The receipt of what is stored. If it has left the history, nothing tells whether it was another
    /// update.
    async fn receipt(&self, append: &Append, position: u64) -> AppendOutcome {
        let view = self.view();
        let Some(number) = view.numbering.number(position) else {
            return AppendOutcome::InDoubt;
        };
        let receipt = match self.message(position).await {
            Ok(Some(message)) => match frame::decode(&message.payload) {
                Some(framed) => Receipt::new(number, framed.tag, framed.fingerprint),
                None => return AppendOutcome::InDoubt,
            },
            Ok(None) => Receipt::new(number, append.tag, append.fingerprint),
            Err(_) => return AppendOutcome::InDoubt,
        };
        AppendOutcome::Appended(receipt.duplicate())
    }

    /// The message at this position, by the stream's leader.
    pub(crate) async fn message(&self, position: u64) -> Result<Option<StoredMessage>, ApiError> {
        let which = json!({ "seq": position });
        api::get(&self.requests, &self.names.stream, &which).await
    }
}

fn may_be_over(outcome: &AppendOutcome) -> bool {
    matches!(outcome, AppendOutcome::Refused(Refusal::Unavailable { .. }))
}

fn outcome(error: &ApiError) -> AppendOutcome {
    match is_in_doubt(error) {
        true => AppendOutcome::InDoubt,
        false => AppendOutcome::Refused(refused(error.to_string())),
    }
}

/// All of one length, so that what messages take beside their records is known.
fn message_id(append: &Append) -> String {
    match &append.key {
        Some(key) => message_id_of(key.as_str().as_bytes()),
        None => format!("t{:016x}{:016x}", append.tag, append.fingerprint),
    }
}

fn message_id_of(bytes: &[u8]) -> String {
    format!("k{}", hash(bytes))
}
