//! One JSON object. In: `{"event": "notice", "id": 7, "retry": 2000, "data": …}`, any of them; or what
//! `tail --json` and `decode` print: `type`, `data`, `lastEventId` and `origin`. Out: its block. Data that
//! is not a string goes out as the JSON it came as, to the letter.
//!
//! Next: back to `intake.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::value::RawValue;
use wellspring_server::Block;

use super::unusable::Unusable;

/// What an object may have; the last two are left out.
const KNOWN: [&str; 8] = [
    "event",
    "id",
    "retry",
    "data",
    "type",
    "lastEventId",
    "origin",
    "received",
];

/// Objects, one after the other.
#[derive(Debug, Default)]
pub(super) struct Objects {
    /// The `lastEventId` of the object before.
    id_before: String,
}

impl Objects {
    pub(super) fn block(&mut self, line: &[u8]) -> Result<Block<'static>, Unusable> {
        if !line.trim_ascii_start().starts_with(b"{") {
            return Err(Unusable::NotAnObject);
        }
        let members: BTreeMap<String, &RawValue> =
            serde_json::from_slice(line).map_err(Unusable::Json)?;
        if let Some(unknown) = members.keys().find(|key| !KNOWN.contains(&key.as_str())) {
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
        if let Some((key, event)) = one_of(["event", "type"], set)? {
            block = block.event_type(text(event)?.ok_or(Unusable::NotText(key))?)?;
        }
        if let Some((key, id)) = one_of(["id", "lastEventId"], set)? {
            let number = id.parse::<i64>().is_ok().then(|| id.to_owned());
            let id = text(id)?.or(number).ok_or(Unusable::NotText(key))?;
            if key == "id" || self.is_new(&id) {
                block = block.id(id)?;
            }
        }
        if let Some(retry) = set("retry") {
            let milliseconds = retry.parse();
            let milliseconds = milliseconds.map_err(|_| Unusable::NotAReconnectionTime)?;
            block = block.retry(Duration::from_millis(milliseconds));
        }
        Ok(block)
    }

    /// Whether the event brought this id itself. Otherwise the id is left to the channel: with the id of
    /// the event before, no client could resume between the two.
    fn is_new(&mut self, id: &str) -> bool {
        let is_new = !id.is_empty() && id != self.id_before;
        id.clone_into(&mut self.id_before);
        is_new
    }
}

/// The one of the two keys that is set, and its value.
fn one_of<'a>(
    keys: [&'static str; 2],
    set: impl Fn(&'static str) -> Option<&'a str>,
) -> Result<Option<(&'static str, &'a str)>, Unusable> {
    let [first, second] = keys;
    match (set(first), set(second)) {
        (Some(_), Some(_)) => Err(Unusable::Both(first, second)),
        (Some(value), None) => Ok(Some((first, value))),
        (None, value) => Ok(value.map(|value| (second, value))),
    }
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
