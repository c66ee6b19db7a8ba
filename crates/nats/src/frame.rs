//! The form of a message. In: a record, and what it is known by. Out: the bytes of a message, and back;
//! bytes that are not understood are foreign.
//!
//! Version 1: a byte 1, the tag, the fingerprint, the length of the publisher's id (65,535 where there is
//! none), the id, the record. Numbers are big-endian.
//!
//! Next: `append.rs` writes it, `read.rs` reads it.

use bytes::{BufMut, Bytes, BytesMut};
use wellspring_broker::{Append, StoredRecord};

const VERSION: u8 = 1;

/// What comes before the id and the record, in bytes.
pub(crate) const FIXED: usize = 1 + 8 + 8 + 2;

/// The longest publisher's id, in bytes.
pub(crate) const LONGEST_ID: usize = 1_024;

const NO_ID: u16 = u16::MAX;

/// What a message holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Framed {
    pub(crate) tag: u64,
    pub(crate) fingerprint: u64,
    pub(crate) id: Option<Bytes>,
    pub(crate) record: Bytes,
}

/// Nothing if the id is longer than an id may be.
pub(crate) fn encode(append: &Append) -> Option<Bytes> {
    let id = append.id.as_deref().unwrap_or_default();
    if id.len() > LONGEST_ID {
        return None;
    }
    let length = match &append.id {
        Some(id) => u16::try_from(id.len()).ok()?,
        None => NO_ID,
    };
    let mut out = BytesMut::with_capacity(FIXED + id.len() + append.record.len());
    out.put_u8(VERSION);
    out.put_u64(append.tag);
    out.put_u64(append.fingerprint);
    out.put_u16(length);
    out.put_slice(id.as_bytes());
    out.put_slice(&append.record);
    Some(out.freeze())
}

/// Nothing if the bytes are foreign.
pub(crate) fn decode(message: &Bytes) -> Option<Framed> {
    let (fixed, rest) = message.split_first_chunk::<FIXED>()?;
    let (&[version], numbers) = fixed.split_first_chunk::<1>()?;
    let (tag, numbers) = numbers.split_first_chunk::<8>()?;
    let fingerprint = numbers.first_chunk::<8>()?;
    let length = u16::from_be_bytes(*fixed.last_chunk::<2>()?);
    if version != VERSION {
        return None;
    }
    let (id, record) = match length {
        NO_ID => (None, FIXED),
        length if usize::from(length) <= rest.len() => {
            let end = FIXED + usize::from(length);
            (Some(message.slice(FIXED..end)), end)
        }
        _ => return None,
    };
    Some(Framed {
        tag: u64::from_be_bytes(*tag),
        fingerprint: u64::from_be_bytes(*fingerprint),
        id,
        record: message.slice(record..),
    })
}

/// The record with this number. A foreign one has no bytes, so that it takes its place and is passed over.
pub(crate) fn stored(number: u64, message: &Bytes) -> StoredRecord {
    match decode(message) {
        Some(framed) => StoredRecord::new(number, framed.tag, framed.record),
        None => StoredRecord::new(number, 0, Bytes::new()),
    }
}

#[cfg(test)]
mod tests;
