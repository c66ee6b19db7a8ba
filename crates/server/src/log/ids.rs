//! Ids of events. In: sequence numbers, and ids that publishers bring. Out: the log's own ids, of the
//! form `epoch-sequence`, and what an id means to this log.
//!
//! What an id that a client brings can mean:
//!
//! | id | meaning |
//! |---|---|
//! | one that a publisher brought, still in the history | resume after that event |
//! | `epoch-sequence` of this epoch | resume after that number, if the next event is still there |
//! | `epoch-sequence` of another epoch | an earlier life of the channel, or another server |
//! | anything else | not known: never published, or no longer in the history |
//!
//! A publisher may not bring an id of this log's own form and epoch, or it would hide the event that has that
//! number.
//!
//! Next: `log/resume.rs` for the outcomes of asking.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::Write;
use std::sync::Arc;

/// Whose id an event carries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum IdPolicy<'a> {
    /// The log's own.
    Own,
    /// One that the publisher brought and that is in the block already.
    Publisher(&'a str),
    /// None to resume from: a comment, a reset, a reconnection time.
    None,
}

/// Names one life of a log: 1 to 32 ASCII letters and digits.
#[derive(Clone, Debug)]
pub(crate) struct Epoch(Box<str>);

impl Epoch {
    const RANDOM_LENGTH: usize = 8;

    /// Two lives of a log differ with all but certainty; this is no secret.
    pub(crate) fn random() -> Self {
        let digit = || char::from_digit(fastrand::u32(0..36), 36).unwrap_or('0');
        let text: String = (0..Self::RANDOM_LENGTH).map(|_| digit()).collect();
        Self(text.into_boxed_str())
    }

    /// Returns the epoch of this name.
    pub(crate) fn new(text: &str) -> Result<Self, InvalidEpoch> {
        if is_epoch(text) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidEpoch { _private: () })
        }
    }

    /// Returns the name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the id of the event with this number.
    pub(crate) fn id(&self, sequence: u64) -> String {
        format!("{}-{sequence}", self.0)
    }

    /// A block that moves the last event ID and does nothing else.
    pub(crate) fn position_block(&self, sequence: u64) -> String {
        format!("id: {}-{sequence}\n\n", self.0)
    }

    /// Puts an `id` line before the blank line that ends the block.
    pub(super) fn write_id(&self, block: &mut Vec<u8>, sequence: u64) {
        block.pop();
        // Writing to a vector cannot fail.
        let _ = write!(block, "id: {}-{sequence}\n\n", self.0);
    }

    /// The two parts of an id that has the form of a log's own, of whatever epoch.
    pub(crate) fn parse_id(id: &str) -> Option<(&str, u64)> {
        let (epoch, sequence) = id.split_once('-')?;
        let canonical = sequence == "0" || !sequence.starts_with('0');
        if !is_epoch(epoch) || !canonical || !sequence.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some((epoch, sequence.parse().ok()?))
    }

    /// Whether the id could be taken for one of this log's own.
    pub(crate) fn claims(&self, id: &str) -> bool {
        Self::parse_id(id).is_some_and(|(epoch, _)| epoch == self.as_str())
    }
}

/// Whether the text could name an epoch.
fn is_epoch(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Reports an invalid epoch: it must be 1 to 32 ASCII letters and digits.
///
/// ```
/// let error = wellspring_server::Channel::builder().epoch("a-b").unwrap_err();
/// assert_eq!(error.to_string(), "the epoch is not 1 to 32 ASCII letters and digits");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEpoch {
    _private: (),
}

impl fmt::Display for InvalidEpoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the epoch is not 1 to 32 ASCII letters and digits")
    }
}

impl std::error::Error for InvalidEpoch {}

/// The ids publishers brought for events that are still in the history. Of a repeated id the later
/// event is meant.
#[derive(Debug, Default)]
pub(super) struct PublisherIds {
    /// Oldest first, so that the log can forget an event with its id.
    by_sequence: VecDeque<(u64, Arc<str>)>,
    /// The number of the latest event with the id.
    by_id: HashMap<Arc<str>, u64>,
}

impl PublisherIds {
    /// What remembering an id costs besides its text.
    const BOOKKEEPING: usize = 96;

    /// Returns what the history counts for it.
    pub(super) fn remember(&mut self, id: &str, sequence: u64) -> usize {
        let shared: Arc<str> = id.into();
        self.by_id.insert(Arc::clone(&shared), sequence);
        self.by_sequence.push_back((sequence, shared));
        id.len() + Self::BOOKKEEPING
    }

    /// Returns what [`remember`](Self::remember) returned for that event, or 0.
    pub(super) fn forget(&mut self, sequence: u64) -> usize {
        if self.by_sequence.front().is_none_or(|(s, _)| *s != sequence) {
            return 0;
        }
        let Some((_, id)) = self.by_sequence.pop_front() else {
            return 0;
        };
        if self.by_id.get(&id) == Some(&sequence) {
            self.by_id.remove(&id);
        }
        id.len() + Self::BOOKKEEPING
    }

    /// Returns the number of the event with this id.
    pub(super) fn find(&self, id: &str) -> Option<u64> {
        self.by_id.get(id).copied()
    }

    /// Returns the id that the publisher brought for this event.
    pub(super) fn of(&self, sequence: u64) -> Option<&str> {
        let index = self
            .by_sequence
            .binary_search_by_key(&sequence, |(s, _)| *s);
        let (_, id) = self.by_sequence.get(index.ok()?)?;
        Some(id)
    }
}
