//! A stored record, read as its description says and with no thought of speed. In: bytes. Out: the record, or
//! nothing where they are of no version that is known.
//!
//! Next: `../record.rs`, which holds the broker to it.

const FLAGS: u8 = 0b1_1111;
const MOST_TOPICS: u128 = 1_000;

/// What a reader gets of a record.
#[derive(Debug)]
pub(super) struct Naive<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) event_type: Option<&'a str>,
    /// In milliseconds.
    pub(super) retry: Option<u64>,
    pub(super) data: Option<&'a str>,
}

impl<'a> Naive<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        let version = byte(&mut rest)?;
        let flags = byte(&mut rest)?;
        if version != 1 || flags > FLAGS {
            return None;
        }
        let topics = number(&mut rest)?;
        if topics == 0 || topics > MOST_TOPICS {
            return None;
        }
        for _ in 0..topics {
            text(&mut rest)?;
        }
        let mut record = Self {
            id: None,
            event_type: None,
            retry: None,
            data: None,
        };
        if flags & 2 != 0 {
            record.id = Some(text(&mut rest)?);
        }
        if flags & 4 != 0 {
            record.event_type = Some(text(&mut rest)?);
        }
        if flags & 8 != 0 {
            record.retry = Some(number(&mut rest)?.try_into().ok()?);
        }
        if flags & 16 != 0 {
            record.data = Some(text(&mut rest)?);
        }
        rest.is_empty().then_some(record)
    }
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, behind) = rest.split_first()?;
    *rest = behind;
    Some(*first)
}

/// LEB128, of at most ten bytes and 64 bits.
fn number(rest: &mut &[u8]) -> Option<u128> {
    let mut number = 0_u128;
    for place in 0..10 {
        let next = byte(rest)?;
        number += u128::from(next % 128) << (7 * place);
        if next < 128 {
            return (number <= u128::from(u64::MAX)).then_some(number);
        }
    }
    None
}

fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(number(rest)?).ok()?;
    let (text, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    std::str::from_utf8(text).ok()
}
