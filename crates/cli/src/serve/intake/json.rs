//! One JSON object. In: `{"event": "notice", "id": 7, "retry": 2000, "data": …}`, any of them. Out: its
//! block. Data that is not a string goes out as the JSON it came as, to the letter.
//!
//! Next: back to `intake.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::value::RawValue;
use wellspring_server::Block;

use super::Unusable;

pub(super) fn block(line: &[u8]) -> Result<Block<'static>, Unusable> {
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err(Unusable::NotAnObject);
    }
    let members: BTreeMap<String, &RawValue> =
        serde_json::from_slice(line).map_err(Unusable::Json)?;
    let known = ["event", "id", "retry", "data"];
    if let Some(unknown) = members.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(Unusable::UnknownKey(unknown.clone()));
    }
    // Null is as good as nothing, but for data, which may be any JSON.
    let member = |key| members.get(key).map(|value: &&RawValue| value.get());
    let set = |key| member(key).filter(|value| *value != "null");

    let mut block = match member("data") {
        Some(data) => Block::data(text(data)?.unwrap_or_else(|| data.to_owned())),
        None if set("id").is_none() && set("retry").is_none() => return Err(Unusable::NoData),
        None => Block::empty(),
    };
    if let Some(event) = set("event") {
        block = block.event_type(text(event)?.ok_or(Unusable::NotText("event"))?)?;
    }
    if let Some(id) = set("id") {
        let number = id.parse::<i64>().is_ok().then(|| id.to_owned());
        block = block.id(text(id)?.or(number).ok_or(Unusable::NotText("id"))?)?;
    }
    if let Some(retry) = set("retry") {
        let milliseconds = retry.parse();
        let milliseconds = milliseconds.map_err(|_| Unusable::NotAReconnectionTime)?;
        block = block.retry(Duration::from_millis(milliseconds));
    }
    Ok(block)
}

/// The string, if it is one.
fn text(value: &str) -> Result<Option<String>, Unusable> {
    if !value.starts_with('"') {
        return Ok(None);
    }
    serde_json::from_str(value)
        .map(Some)
        .map_err(Unusable::Json)
}
