//! What the scripts answer. In: values of the protocol. Out: bounds, pages, receipts; or an error where the
//! answer is none of a script's. No value makes a panic.
//!
//! Next: `error.rs`.

use bytes::Bytes;
use redis::Value;
use wellspring_broker::{
    Bounds, EngineError, EngineErrorKind, Epoch, Fork, Lineage, Page, Receipt, StoredRecord,
};

use crate::error;

/// The word that a script begins with, and what follows it.
pub(crate) fn parts(value: Value) -> Result<(String, std::vec::IntoIter<Value>), EngineError> {
    let Value::Array(values) = value else {
        return Err(error::foreign_answer());
    };
    let mut values = values.into_iter();
    let word = text(values.next())?;
    Ok((word, values))
}

pub(crate) fn text(value: Option<Value>) -> Result<String, EngineError> {
    String::from_utf8(bytes(value)?).map_err(|_| error::foreign_answer())
}

pub(crate) fn bytes(value: Option<Value>) -> Result<Vec<u8>, EngineError> {
    match value {
        Some(Value::BulkString(bytes)) => Ok(bytes),
        Some(Value::SimpleString(text)) => Ok(text.into_bytes()),
        Some(Value::Okay) => Ok(b"OK".to_vec()),
        Some(Value::Int(number)) => Ok(number.to_string().into_bytes()),
        _ => Err(error::foreign_answer()),
    }
}

pub(crate) fn number(value: Option<Value>) -> Result<u64, EngineError> {
    let text = text(value)?;
    text.parse().map_err(|_| error::foreign_answer())
}

/// Reads what follows the word `bounds`.
pub(crate) fn bounds(mut values: impl Iterator<Item = Value>) -> Result<Bounds, EngineError> {
    let epoch = Epoch::new(number(values.next())?);
    let past = text(values.next())?;
    let forks: Option<Vec<Fork>> = past.split_whitespace().map(fork).collect();
    let mut bounds = Bounds::empty(epoch);
    bounds.lineage = Lineage::with_past(forks.ok_or_else(error::foreign_answer)?, epoch);
    bounds.horizon = number(values.next())?;
    bounds.head = number(values.next())?;
    bounds.head_tag = number(values.next())?;
    bounds.trimmed_tag = text(values.next())?.parse().ok();
    Ok(bounds)
}

fn fork(text: &str) -> Option<Fork> {
    let (epoch, last) = text.split_once(':')?;
    Some(Fork::new(
        Epoch::new(epoch.parse().ok()?),
        last.parse().ok()?,
    ))
}

/// Reads what follows the word `page`.
pub(crate) fn page(mut values: impl Iterator<Item = Value>) -> Result<Page, EngineError> {
    let epoch = Epoch::new(number(values.next())?);
    let horizon = number(values.next())?;
    let head = number(values.next())?;
    let Some(Value::Array(records)) = values.next() else {
        return Err(error::foreign_answer());
    };
    let records: Result<_, _> = records.into_iter().map(record).collect();
    Ok(Page::new(epoch, records?, horizon, head))
}

fn record(value: Value) -> Result<StoredRecord, EngineError> {
    let Value::Array(values) = value else {
        return Err(error::foreign_answer());
    };
    let mut values = values.into_iter();
    let sequence = number(values.next())?;
    let tag = number(values.next())?;
    let record = Bytes::from(bytes(values.next())?);
    Ok(StoredRecord::new(sequence, tag, record))
}

/// Reads one of the answers that follow the word `done`.
pub(crate) fn receipt(value: Value) -> Result<Receipt, EngineError> {
    let Value::Array(values) = value else {
        return Err(error::foreign_answer());
    };
    let mut values = values.into_iter();
    let (sequence, tag) = (number(values.next())?, number(values.next())?);
    let receipt = Receipt::new(sequence, tag, number(values.next())?);
    Ok(match number(values.next())? {
        0 => receipt,
        _ => receipt.duplicate(),
    })
}

/// An entry of the stream, with the epoch that it was appended in.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) epoch: Epoch,
    pub(crate) stored: StoredRecord,
}

/// Reads what `XREAD` of one stream answers: nothing where it waited in vain.
pub(crate) fn entries(value: Value) -> Result<Vec<Entry>, EngineError> {
    let streams = match value {
        Value::Nil => return Ok(Vec::new()),
        Value::Array(streams) => streams,
        _ => return Err(error::foreign_answer()),
    };
    let Some(Value::Array(stream)) = streams.into_iter().next() else {
        return Err(error::foreign_answer());
    };
    let Some(Value::Array(entries)) = stream.into_iter().nth(1) else {
        return Err(error::foreign_answer());
    };
    entries.into_iter().map(entry).collect()
}

fn entry(value: Value) -> Result<Entry, EngineError> {
    let foreign = || {
        let says = "the stream has an entry that no hub wrote: let nothing else write to it, or choose another prefix";
        EngineError::new(EngineErrorKind::Corrupt, says)
    };
    let Value::Array(parts) = value else {
        return Err(error::foreign_answer());
    };
    let mut parts = parts.into_iter();
    let id = text(parts.next())?;
    let sequence = id.strip_prefix("0-").and_then(|digits| digits.parse().ok());
    let (Some(sequence), Some(Value::Array(fields))) = (sequence, parts.next()) else {
        return Err(foreign());
    };
    let (mut epoch, mut tag, mut record) = (None, None, None);
    let mut fields = fields.into_iter();
    while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
        match bytes(Some(name))?.as_slice() {
            b"e" => epoch = Some(Epoch::new(number(Some(value))?)),
            b"t" => tag = Some(number(Some(value))?),
            b"r" => record = Some(Bytes::from(bytes(Some(value))?)),
            _ => {}
        }
    }
    let (Some(epoch), Some(tag), Some(record)) = (epoch, tag, record) else {
        return Err(foreign());
    };
    let stored = StoredRecord::new(sequence, tag, record);
    Ok(Entry { epoch, stored })
}

#[cfg(test)]
mod tests;
