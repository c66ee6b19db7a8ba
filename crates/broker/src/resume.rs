//! What became of a place that a subscriber brought. In: a cursor, and what is known of the history. Out:
//! one of [`Resume`], or what has to be found out first. Pure.
//!
//! Next: `opening.rs`, which finds it out.

use std::fmt;

use crate::cursor::Cursor;
use crate::lineage::Lineage;

/// Says what became of the last event ID that a subscriber brought.
///
/// | outcome | the id | what follows |
/// |---|---|---|
/// | [`Found`](Self::Found) | of an event; all later ones are there | the later ones, then live |
/// | [`Expired`](Self::Expired) | of an event; some later ones have left the history | a gap of a known size, the history, then live |
/// | [`OtherEpoch`](Self::OtherEpoch) | of an event of another history, or of one that was lost in a failover | a gap; what follows the last common event, or the whole history |
/// | [`NeverExisted`](Self::NeverExisted) | of an event that this history has never had | a gap, the history, then live |
/// | [`Unknown`](Self::Unknown) | a publisher's, of no event in the history; or a cursor whose tag can no longer be checked | the same |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resume {
    /// The event is known, and all later events are there: no gap.
    Found,
    /// The event existed, but some later events have left the history.
    Expired {
        /// How many events are gone, of all topics.
        missed: u64,
    },
    /// The id is of an event of another history, or of one that was lost in a failover.
    OtherEpoch,
    /// The id has this history's epoch, but no event has had it.
    NeverExisted,
    /// Nothing is known of the id.
    Unknown,
}

impl Resume {
    /// Returns `found`, `expired`, `other-epoch`, `never-existed` or `unknown`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Expired { .. } => "expired",
            Self::OtherEpoch => "other-epoch",
            Self::NeverExisted => "never-existed",
            Self::Unknown => "unknown",
        }
    }

    /// Returns true if the subscriber missed nothing.
    #[must_use]
    pub fn is_found(&self) -> bool {
        *self == Self::Found
    }
}

impl fmt::Display for Resume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a cursor comes to, by what one node knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// The epoch is none of this history's, as far as this node knows.
    OtherEpoch,
    /// Its event was lost; the last that it has in common with this history is this one.
    Lost {
        last: u64,
    },
    /// Its event is still to come, as far as this node knows.
    Ahead,
    Expired {
        missed: u64,
    },
    /// It is the place before the oldest event, or there is none: the tag has to be compared with this.
    Compare(Reference),
}

/// Where the tag of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// With the event.
    Event,
    /// With what is remembered of the newest one that was trimmed.
    Trimmed,
}

pub(crate) fn judge(cursor: Cursor, lineage: &Lineage, horizon: u64, head: u64) -> Judgement {
    let sequence = cursor.sequence;
    match lineage.valid_until(cursor.epoch) {
        None => Judgement::OtherEpoch,
        Some(last) if sequence > last => Judgement::Lost { last },
        Some(_) if sequence > head => Judgement::Ahead,
        Some(_) if sequence + 1 < horizon => Judgement::Expired {
            missed: horizon - 1 - sequence,
        },
        Some(_) if sequence + 1 == horizon => Judgement::Compare(Reference::Trimmed),
        Some(_) => Judgement::Compare(Reference::Event),
    }
}

#[cfg(test)]
mod tests;
