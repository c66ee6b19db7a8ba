//! Lines onto the wire. In: a field name and a value. Out: the line's bytes, or how many they will be.
//!
//! The space behind the colon is optional for receivers, which drop one. It is always written, because a value may
//! begin with a space of its own, and because some receivers expect it.
//!
//! Next: `encoder.rs` calls this for each field of a block.

use alloc::vec::Vec;

use super::lines::lines;

/// `name`, colon, one space so that a leading space of the value survives, value, LF.
#[inline]
pub(super) fn push_line(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    if value.is_empty() {
        out.extend_from_slice(b":\n");
    } else {
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.push(b'\n');
    }
}

/// The length of the line that [`push_line`] writes, its LF included.
pub(super) fn line_len(name: &str, value: &str) -> usize {
    name.len() + 2 + usize::from(!value.is_empty()) + value.len()
}

/// The length of all lines of a text.
pub(super) fn text_len(name: &str, text: &str) -> usize {
    lines(text).map(|line| line_len(name, line)).sum()
}

/// A number in decimal, on the stack.
pub(super) struct Digits {
    /// Room for the largest number, filled from its end.
    text: [u8; 20],
    /// Where the first digit stands.
    start: usize,
}

impl Digits {
    /// Writes the digits from the last to the first.
    pub(super) fn new(mut number: u64) -> Self {
        let mut text = [b'0'; 20];
        let mut start = text.len();
        for place in text.iter_mut().rev() {
            *place = b'0' + u8::try_from(number % 10).unwrap_or(0);
            start -= 1;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        Self { text, start }
    }

    /// Returns the digits, without leading zeros.
    pub(super) fn as_str(&self) -> &str {
        let digits = self.text.get(self.start..).unwrap_or_default();
        core::str::from_utf8(digits).unwrap_or_default()
    }
}
