//! What became of each publish. In: numbers that are taken, and what was answered. Out: for a number,
//! when it was sent first and what the server said.
//!
//! Next: `connections.rs` judges by it, `publisher.rs` writes it.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The latest time that can be kept, in milliseconds: twelve days.
pub(super) const LATEST: u32 = (1 << 30) - 1;

/// The outcome of a publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is under way.
    Pending,
    /// The server has taken it: it arrives once.
    Answered,
    /// The server has not taken it: it must not arrive.
    Refused,
    /// Nothing was answered: it arrives once, or not at all.
    Doubtful,
}

/// One publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// When it was first sent, in milliseconds since the run began.
    pub(super) sent: u32,
    pub(super) outcome: Outcome,
}

/// All publishes of a run, by topic. Each takes four bytes.
#[derive(Debug)]
pub(super) struct Ledger {
    topics: Vec<Mutex<Topic>>,
}

#[derive(Debug, Default)]
struct Topic {
    records: Vec<u32>,
    refused: Vec<u32>,
}

impl Ledger {
    pub(super) fn new(topics: u32) -> Self {
        let topics = (0..topics).map(|_| Mutex::default());
        Self {
            topics: topics.collect(),
        }
    }

    /// The next number of a topic, from 1.
    pub(super) fn begin(&self, topic: u32, now: u32) -> u32 {
        let records = &mut self.topic(topic).records;
        records.push(packed(now, Outcome::Pending));
        last(records)
    }

    pub(super) fn settle(&self, topic: u32, number: u32, outcome: Outcome) {
        let mut topic = self.topic(topic);
        let at = (number as usize).saturating_sub(1);
        if let Some(record) = topic.records.get_mut(at) {
            *record = packed(*record >> 2, outcome);
            if outcome == Outcome::Refused {
                topic.refused.push(number);
            }
        }
    }

    /// `None` for a number that was never taken.
    pub(super) fn record(&self, topic: u32, number: u32) -> Option<Record> {
        let at = (number as usize).checked_sub(1)?;
        if topic as usize >= self.topics.len() {
            return None;
        }
        let topic = self.topic(topic);
        topic.records.get(at).map(|packed| unpacked(*packed))
    }

    /// The last number of a topic that was taken; 0 for none.
    pub(super) fn last(&self, topic: u32) -> u32 {
        last(&self.topic(topic).records)
    }

    pub(super) fn topics(&self) -> u32 {
        u32::try_from(self.topics.len()).unwrap_or(u32::MAX)
    }

    /// The numbers of a topic that the server has not taken.
    pub(super) fn refused(&self, topic: u32) -> Vec<u32> {
        self.topic(topic).refused.clone()
    }

    fn topic(&self, topic: u32) -> MutexGuard<'_, Topic> {
        let topic = &self.topics[topic as usize];
        topic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn last(records: &[u32]) -> u32 {
    u32::try_from(records.len()).unwrap_or(u32::MAX)
}

fn packed(sent: u32, outcome: Outcome) -> u32 {
    let outcome = match outcome {
        Outcome::Pending => 0,
        Outcome::Answered => 1,
        Outcome::Refused => 2,
        Outcome::Doubtful => 3,
    };
    sent.min(LATEST) << 2 | outcome
}

fn unpacked(packed: u32) -> Record {
    let outcome = match packed & 3 {
        0 => Outcome::Pending,
        1 => Outcome::Answered,
        2 => Outcome::Refused,
        _ => Outcome::Doubtful,
    };
    Record {
        sent: packed >> 2,
        outcome,
    }
}

#[cfg(test)]
mod tests;
