//! In: what a subscriber reads, in any pieces. Out: how many events were in it; an error if one is not the next.
//! It knows no HTTP: an event's data begins with a mark that occurs nowhere else, and its number.
//!
//! Next: `load.rs`.

/// How long an event's data is, in bytes.
pub(crate) const DATA: usize = 100;

const MARK: u8 = b'#';
const DIGITS: usize = 8;

/// The data of the event with this number: the mark, eight digits, padding.
pub(crate) fn data(number: u32) -> String {
    let mut data = format!("{}{number:0width$}", char::from(MARK), width = DIGITS);
    data.extend(std::iter::repeat_n('x', DATA - data.len()));
    data
}

/// How far one subscriber has come.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// The number of the next event.
    next: u32,
    /// The number that is being read, and how many digits of it are still to come.
    number: u32,
    digits: usize,
}

impl Scan {
    /// The number of the next event.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    /// Takes what was read; events that end up complete have to follow each other.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut rest = self.digits(bytes)?;
        while let Some(at) = memchr::memchr(MARK, rest) {
            self.number = 0;
            self.digits = DIGITS;
            rest = self.digits(&rest[at + 1..])?;
        }
        Ok(())
    }

    /// Reads the digits that are missing, and returns what is behind them.
    fn digits<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], String> {
        if self.digits == 0 {
            return Ok(bytes);
        }
        let (digits, rest) = bytes.split_at(self.digits.min(bytes.len()));
        for digit in digits {
            self.number = self.number * 10 + u32::from(digit.wrapping_sub(b'0'));
        }
        self.digits -= digits.len();
        if self.digits == 0 {
            if self.number != self.next {
                return Err(format!("event {} where {} was due", self.number, self.next));
            }
            self.next += 1;
        }
        Ok(rest)
    }
}

#[cfg(test)]
mod tests;
