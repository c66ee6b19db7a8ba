//! The form in which an update is stored. In: an update. Out: bytes that any later version can read,
//! and back; bytes that are not understood are foreign, and never an error of more than one record.
//!
//! Version 1: a byte 1, a byte of flags, the number of topics, the topics, then id, type, reconnection
//! time in milliseconds and data, each where its flag is set. Numbers are LEB128; texts are a length and
//! UTF-8.
//!
//! Next: `event.rs`, what is made of it for readers.

use std::time::Duration;

use bytes::Bytes;

use crate::update::{MAX_TOPICS, Update};

const VERSION: u8 = 1;

const PRIVATE: u8 = 1;
const ID: u8 = 1 << 1;
const TYPE: u8 = 1 << 2;
const RETRY: u8 = 1 << 3;
const DATA: u8 = 1 << 4;
const KNOWN: u8 = PRIVATE | ID | TYPE | RETRY | DATA;

/// What is stored of an update, borrowed from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) topics: Vec<&'a str>,
    pub(crate) private: bool,
    pub(crate) id: Option<&'a str>,
    pub(crate) event_type: Option<&'a str>,
    pub(crate) retry: Option<Duration>,
    pub(crate) data: Option<&'a str>,
}

pub(crate) fn encode(update: &Update) -> Bytes {
    let data = update.data.as_deref();
    let topics: usize = update.topics.iter().map(|topic| topic.len() + 2).sum();
    let mut out = Vec::with_capacity(topics + data.map_or(0, str::len) + 64);
    let id = update.id.as_ref().map(wellspring_proto::EventId::as_str);
    let event_type = update.event_type.as_ref();
    let event_type = event_type.map(wellspring_proto::EventType::as_str);
    let flag = |flag, set| if set { flag } else { 0 };
    let flags = flag(PRIVATE, update.private)
        | flag(ID, id.is_some())
        | flag(TYPE, event_type.is_some())
        | flag(RETRY, update.retry.is_some())
        | flag(DATA, data.is_some());
    out.extend([VERSION, flags]);
    put_number(&mut out, update.topics.len() as u64);
    for topic in &update.topics {
        put_text(&mut out, topic);
    }
    for text in [id, event_type].into_iter().flatten() {
        put_text(&mut out, text);
    }
    if let Some(retry) = update.retry {
        let milliseconds = retry.as_nanos().div_ceil(1_000_000);
        put_number(&mut out, u64::try_from(milliseconds).unwrap_or(u64::MAX));
    }
    if let Some(data) = data {
        put_text(&mut out, data);
    }
    out.into()
}

/// Nothing if the bytes are of another version, or of no version at all.
pub(crate) fn decode(bytes: &[u8]) -> Option<Record<'_>> {
    let (&[version, flags], rest) = bytes.split_first_chunk::<2>()?;
    if version != VERSION || flags & !KNOWN != 0 {
        return None;
    }
    let mut rest = Rest(rest);
    let count = usize::try_from(rest.number()?).ok()?;
    if !(1..=MAX_TOPICS).contains(&count) {
        return None;
    }
    let topics = (0..count).map(|_| rest.text()).collect::<Option<_>>()?;
    let has = |flag| flags & flag != 0;
    let record = Record {
        topics,
        private: has(PRIVATE),
        id: if has(ID) { Some(rest.text()?) } else { None },
        event_type: if has(TYPE) { Some(rest.text()?) } else { None },
        retry: if has(RETRY) {
            Some(Duration::from_millis(rest.number()?))
        } else {
            None
        },
        data: if has(DATA) { Some(rest.text()?) } else { None },
    };
    rest.0.is_empty().then_some(record)
}

/// The same for the same content, on every node and in every version (FNV-1a, 64 bits).
pub(crate) fn fingerprint(record: &[u8]) -> u64 {
    record.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// What has not been read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7F);
            number |= bits.checked_shl(shift).filter(|n| n >> shift == bits)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests;
