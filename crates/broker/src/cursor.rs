//! The place of an event in the one order. In: an epoch, a sequence number, a tag. Out: the text that
//! stands in `id:` where the publisher brought none, and back again.
//!
//! Next: `lineage.rs`, which says what a cursor of an earlier epoch is worth.

use std::fmt;
use std::str::FromStr;

/// What a cursor begins with.
const MARK: char = '~';

/// In base 36, as many digits as a `u64` can have.
const LONGEST_EPOCH: usize = 13;

/// Names a history: one that was wiped or restored has another epoch. Printed in base
/// 36, in 1 to 13 digits.
///
/// ```
/// use wellspring_broker::Epoch;
///
/// let epoch: Epoch = "k3f".parse()?;
/// assert_eq!(epoch.to_string(), "k3f");
/// # Ok::<(), wellspring_broker::InvalidCursor>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(u64);

impl Epoch {
    /// Wraps a number, such as the time at which a stream was created.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns a random epoch of eight digits. Two histories differ almost certainly. It is no secret.
    #[must_use]
    pub fn random() -> Self {
        const DIGITS: u32 = 8;
        Self(fastrand::u64(36_u64.pow(DIGITS - 1)..36_u64.pow(DIGITS)))
    }

    /// Returns the number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0_u8; LONGEST_EPOCH];
        let mut at = LONGEST_EPOCH;
        let mut rest = self.0;
        loop {
            at -= 1;
            digits[at] = match (rest % 36) as u8 {
                digit @ 0..=9 => b'0' + digit,
                digit => b'a' + digit - 10,
            };
            rest /= 36;
            if rest == 0 {
                break;
            }
        }
        f.write_str(std::str::from_utf8(&digits[at..]).unwrap_or_default())
    }
}

impl FromStr for Epoch {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
        let canonical = text == "0" || !text.starts_with('0');
        if !canonical || !text.bytes().all(plain) {
            return Err(InvalidCursor);
        }
        let number = u64::from_str_radix(text, 36);
        number.map(Self).map_err(|_| InvalidCursor)
    }
}

/// A place in the history: everything up to and including the event with this number.
///
/// Printed as `~EPOCH.SEQUENCE.TAG`, such as `~k3f9x2ab.1042.9f3c`: some 24 bytes, of characters that a
/// URL can carry as they are. Sequence numbers are dense and begin at 1; number 0, with tag 0, is the
/// place before the first event. The tag is 16 bits of a random number that the event was stored with:
/// two histories with the same cursor have the same past, except for one case in 65,536.
///
/// ```
/// use wellspring_broker::{Cursor, Epoch};
///
/// let cursor = Cursor::new("k3f".parse()?, 1042, 0x9f3c);
/// assert_eq!(cursor.to_string(), "~k3f.1042.9f3c");
/// assert_eq!("~k3f.1042.9f3c".parse(), Ok(cursor));
/// assert!("order-1042".parse::<Cursor>().is_err());
/// # Ok::<(), wellspring_broker::InvalidCursor>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The epoch of the history.
    pub epoch: Epoch,
    /// The event's number.
    pub sequence: u64,
    /// Sixteen bits of the random number that the event was stored with.
    pub tag: u16,
}

impl Cursor {
    /// Returns the cursor of these parts.
    #[must_use]
    pub const fn new(epoch: Epoch, sequence: u64, tag: u16) -> Self {
        Self {
            epoch,
            sequence,
            tag,
        }
    }
}

/// The bits of a record's random number that a cursor carries.
pub(crate) fn short(tag: u64) -> u16 {
    (tag & 0xFFFF) as u16
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            epoch,
            sequence,
            tag,
        } = self;
        write!(f, "{MARK}{epoch}.{sequence}.{tag:04x}")
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let mut parts = text.strip_prefix(MARK).ok_or(InvalidCursor)?.split('.');
        let (Some(epoch), Some(sequence), Some(tag), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(InvalidCursor);
        };
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let canonical = sequence == "0" || !sequence.starts_with('0');
        let digits = sequence.bytes().all(|byte| byte.is_ascii_digit());
        if tag.len() != 4 || !tag.bytes().all(is_hex) || !canonical || !digits {
            return Err(InvalidCursor);
        }
        Ok(Self {
            epoch: epoch.parse()?,
            sequence: sequence.parse().map_err(|_| InvalidCursor)?,
            tag: u16::from_str_radix(tag, 16).map_err(|_| InvalidCursor)?,
        })
    }
}

/// Reports a text that is not a cursor, or not an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidCursor;

impl fmt::Display for InvalidCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of the form ~EPOCH.SEQUENCE.TAG")
    }
}

impl std::error::Error for InvalidCursor {}

#[cfg(test)]
mod tests;
