//! What a record looks like. In: a commit. Out: its bytes, and back.
//!
//! The file begins with `wellspring` CR LF, a version, a seed, and the CRC-32 of all that. A record is a
//! head and a text. The head has three numbers: the length of the text in bytes, its CRC-32, and the
//! CRC-32 of those two, so that a damaged length is not taken for a long record. These CRCs begin with
//! the seed, a random number that leaves the file nowhere else: a server that puts a record into the
//! data of an event does not know it, so that no rest of a record has another one in it. The text is the time of the commit in milliseconds
//! since 1970, the key of the source, the position, and the number of events, and for each event its
//! data, its last event ID and its type. Strings have their length in front. Numbers have four bytes,
//! the time eight, the lowest first.
//!
//! Next: `scan.rs`.

use std::hash::{BuildHasher, Hasher as _, RandomState};
use std::time::SystemTime;

use crc32fast::Hasher;
use wellspring_proto::{Event, EventRef};

use crate::store::{milliseconds, time_of};

/// How the head of the file begins; the last four bytes are the version.
pub(super) const MAGIC: [u8; 16] = *b"wellspring\r\n\x01\0\0\0";

/// The length of the head of the file: behind the above are the seed and a checksum.
pub(super) const HEAD: usize = 24;

/// Where the version begins.
pub(super) const VERSION_AT: usize = 12;

/// The head of a record.
pub(super) const RECORD_HEAD: usize = 12;

/// The longest text of a record.
pub(super) const LARGEST: usize = 256 * 1024 * 1024;

/// One commit, lent.
pub(super) struct Record<'a> {
    pub(super) stored_at: SystemTime,
    pub(super) source: &'a str,
    pub(super) position: &'a str,
    events: Events<'a>,
}

impl<'a> Record<'a> {
    pub(super) fn events(&self) -> Events<'a> {
        self.events
    }
}

/// What is left of the events of a record.
#[derive(Clone, Copy)]
pub(super) struct Events<'a> {
    left: u32,
    text: &'a [u8],
}

impl<'a> Iterator for Events<'a> {
    type Item = EventRef<'a>;

    fn next(&mut self) -> Option<EventRef<'a>> {
        self.left = self.left.checked_sub(1)?;
        let data = string(&mut self.text)?;
        let last_event_id = string(&mut self.text)?;
        let event_type = string(&mut self.text)?;
        Some(EventRef::new(event_type, data, last_event_id))
    }
}

/// The head of a new file.
pub(super) fn new_head() -> [u8; HEAD] {
    let random = RandomState::new().build_hasher().finish().to_le_bytes();
    let mut head = [0; HEAD];
    let (start, sum) = head.split_at_mut(HEAD - 4);
    start[..MAGIC.len()].copy_from_slice(&MAGIC);
    start[MAGIC.len()..].copy_from_slice(&random[..4]);
    sum.copy_from_slice(&hash(0, start).to_le_bytes());
    head
}

/// The seed; `None` when the head is damaged.
pub(super) fn seed(head: &[u8; HEAD]) -> Option<u32> {
    let (start, mut sum) = head.split_at(HEAD - 4);
    let mut seed = &start[MAGIC.len()..];
    (number(&mut sum)? == hash(0, start)).then(|| number(&mut seed))?
}

/// The record of a commit; `None` when it would be too large.
pub(super) fn encode(
    seed: u32,
    now: SystemTime,
    source: &str,
    position: &str,
    events: &[Event],
) -> Option<Vec<u8>> {
    let mut record = vec![0; RECORD_HEAD];
    record.extend(milliseconds(now).to_le_bytes());
    push_string(&mut record, source)?;
    push_string(&mut record, position)?;
    record.extend(u32::try_from(events.len()).ok()?.to_le_bytes());
    for event in events {
        push_string(&mut record, event.data())?;
        push_string(&mut record, event.last_event_id())?;
        push_string(&mut record, event.event_type())?;
    }
    let text = &record[RECORD_HEAD..];
    if text.len() > LARGEST {
        return None;
    }
    let length = u32::try_from(text.len()).ok()?;
    let sum = hash(seed, text);
    record[..4].copy_from_slice(&length.to_le_bytes());
    record[4..8].copy_from_slice(&sum.to_le_bytes());
    let sum = hash(seed, &record[..8]);
    record[8..RECORD_HEAD].copy_from_slice(&sum.to_le_bytes());
    Some(record)
}

/// The length of the text and its checksum, if this is a head.
pub(super) fn decode_head(seed: u32, head: &[u8; RECORD_HEAD]) -> Option<(usize, u32)> {
    let mut rest = head.as_slice();
    let (length, sum) = (number(&mut rest)?, number(&mut rest)?);
    let length = usize::try_from(length).ok()?;
    let intact = number(&mut rest)? == hash(seed, &head[..8]) && length <= LARGEST;
    intact.then_some((length, sum))
}

/// `None` when the text is not what its checksum was made of, or not ours.
pub(super) fn decode(seed: u32, text: &[u8], sum: u32) -> Option<Record<'_>> {
    if hash(seed, text) != sum {
        return None;
    }
    let (time, mut rest) = text.split_first_chunk()?;
    let record = Record {
        stored_at: time_of(u64::from_le_bytes(*time)),
        source: string(&mut rest)?,
        position: string(&mut rest)?,
        events: Events {
            left: number(&mut rest)?,
            text: rest,
        },
    };
    let whole = record.events.count() == usize::try_from(record.events.left).ok()?;
    whole.then_some(record)
}

fn hash(seed: u32, bytes: &[u8]) -> u32 {
    let mut hasher = Hasher::new_with_initial(seed);
    hasher.update(bytes);
    hasher.finalize()
}

fn push_string(record: &mut Vec<u8>, text: &str) -> Option<()> {
    if record.len() + text.len() > LARGEST {
        return None;
    }
    record.extend(u32::try_from(text.len()).ok()?.to_le_bytes());
    record.extend_from_slice(text.as_bytes());
    Some(())
}

fn number(text: &mut &[u8]) -> Option<u32> {
    let (number, rest) = text.split_first_chunk()?;
    *text = rest;
    Some(u32::from_le_bytes(*number))
}

fn string<'a>(text: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(number(text)?).ok()?;
    let (string, rest) = text.split_at_checked(length)?;
    *text = rest;
    std::str::from_utf8(string).ok()
}
