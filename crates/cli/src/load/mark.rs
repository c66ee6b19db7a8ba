//! What is published. In: a topic's number, the event's own, and when it was sent. Out: text that says
//! so, and the same read back; text that was changed on the way is found.
//!
//! Next: `ledger.rs` gives the numbers, `witness.rs` gets them back.

use std::fmt::Write;

/// Every event of this program begins with it.
const NAME: &str = "wellspring-load";
const FILLER: u8 = b'x';

/// An event of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The topic, from 0.
    pub(super) topic: u32,
    /// The event's number within its topic, from 1.
    pub(super) number: u32,
    /// When it was first sent, in microseconds since the run began.
    pub(super) sent: u64,
}

/// What the data of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// An event of this run, as it was published.
    Own(Mark),
    /// One of this run that is not what was published.
    Altered,
    /// Of another publisher, or of another run.
    Foreign,
}

impl Mark {
    /// The event's data, filled up to `size` bytes. `run` has no spaces.
    pub(super) fn write(&self, run: &str, size: usize) -> String {
        let mut text = String::with_capacity(size.max(80));
        let Self {
            topic,
            number,
            sent,
        } = self;
        // Writing to a string cannot fail.
        let _ = write!(text, "{NAME} {run} {topic} {number} {sent} ");
        let missing = size.saturating_sub(text.len());
        text.extend(std::iter::repeat_n(char::from(FILLER), missing));
        text
    }

    pub(super) fn read(data: &str, run: &str, size: usize) -> Reading {
        let own = data
            .strip_prefix(NAME)
            .and_then(|rest| rest.strip_prefix(' '))
            .and_then(|rest| rest.strip_prefix(run))
            .and_then(|rest| rest.strip_prefix(' '));
        let Some(rest) = own else {
            return Reading::Foreign;
        };
        match Self::parse(rest) {
            Some((mark, filler)) if fills(data.len(), filler, size) => Reading::Own(mark),
            _ => Reading::Altered,
        }
    }

    fn parse(text: &str) -> Option<(Self, &str)> {
        let mut parts = text.splitn(4, ' ');
        let mark = Self {
            topic: number(parts.next()?)?,
            number: number(parts.next()?)?,
            sent: number(parts.next()?)?,
        };
        Some((mark, parts.next()?))
    }
}

/// As it is written, so that no two texts are one number.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits && (text.len() == 1 || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

fn fills(length: usize, filler: &str, size: usize) -> bool {
    let bare = length - filler.len();
    length == size.max(bare) && filler.bytes().all(|byte| byte == FILLER)
}

#[cfg(test)]
mod tests;
