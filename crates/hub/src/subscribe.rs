//! What a subscriber asks for. In: a query, perhaps a form, the header `Last-Event-ID`. Out: a subscription of
//! one dialect; or the sentence that says which one it must be in, and how.
//!
//! Next: `dialect_07.rs`, `dialect_08.rs`.

use url::Url;

use crate::dialect_07::{self, TOPIC};
use crate::dialect_08;
use crate::form::{self, Field};
use crate::refusal::Refusal;
use crate::text::forbidden;
use crate::wanted::{Dialect, Subscribe};

/// The longest last event ID that is looked at, in bytes.
const MAX_LAST_EVENT_ID: usize = 4_096;

/// Asks for an event where events are missing.
pub const GAP_PARAMETER: &str = "wellspring_gap";
/// Asks for an event 30 s before the token expires.
pub const EXPIRY_PARAMETER: &str = "wellspring_expiry";

const HOW: &str = "in the 0.x dialect with topic=…, in the 1.0 dialect with match=… or match_urlpattern=…; \
                   match=* and topic=* are every topic";

/// Reads what a request asks for. `form` is the body of a `QUERY`, which is of the 1.0 dialect.
pub(crate) fn read(
    query: &str,
    form: Option<&[u8]>,
    header: Option<&[u8]>,
    base: &Url,
) -> Result<Subscribe, Refusal> {
    let mut fields = form::query(query.as_bytes())?;
    fields.extend(form::query(form.unwrap_or_default())?);
    let (wanted, dialect) = match dialect(&fields)? {
        Dialect::V07 => (dialect_07::wanted(&fields)?, Dialect::V07),
        Dialect::V08 => (dialect_08::wanted(&fields, base)?, Dialect::V08),
    };
    if form.is_some() && dialect == Dialect::V07 {
        return Err(Refusal::bad(
            "QUERY is of the 1.0 dialect: ask with match=… or match_urlpattern=….",
        ));
    }
    Ok(Subscribe {
        dialect,
        wanted,
        last_event_id: last_event_id(&fields, header, dialect)?,
        tell_gaps: asks(&fields, GAP_PARAMETER),
        tell_expiry: asks(&fields, EXPIRY_PARAMETER),
    })
}

fn asks(fields: &[Field], name: &str) -> bool {
    let mut named = fields.iter().filter(|field| field.name == name);
    named.any(|field| !matches!(field.value.as_str(), "0" | "false"))
}

fn dialect(fields: &[Field]) -> Result<Dialect, Refusal> {
    let has_matcher = fields
        .iter()
        .any(|field| dialect_08::is_matcher(&field.name));
    let has_topic = fields.iter().any(|field| field.name == TOPIC);
    match (has_matcher, has_topic) {
        (true, false) => Ok(Dialect::V08),
        (false, true) => Ok(Dialect::V07),
        (true, true) => Err(Refusal::bad(format!(
            "This asks in both dialects at once, with topic and with match; ask in one: {HOW}."
        ))),
        (false, false) => Err(Refusal::bad(format!(
            "This asks for no topic. Say which events you want: {HOW}."
        ))),
    }
}

/// The header, if it is not empty: a client that began with the parameter reconnects with a newer id there.
fn last_event_id(
    fields: &[Field],
    header: Option<&[u8]>,
    dialect: Dialect,
) -> Result<Option<String>, Refusal> {
    let header = header.filter(|value| !value.is_empty());
    let id = match header {
        Some(value) => {
            let text = std::str::from_utf8(value);
            Some(text.map_err(|_| Refusal::bad("The header Last-Event-ID is not UTF-8."))?)
        }
        None if dialect == Dialect::V07 => dialect_07::last_event_id(fields),
        None => dialect_08::last_event_id(fields),
    };
    let Some(id) = id else {
        return Ok(None);
    };
    if id.len() > MAX_LAST_EVENT_ID {
        let says = format!("The last event ID has more than {MAX_LAST_EVENT_ID} bytes.");
        return Err(Refusal::bad(says));
    }
    let forbidden = match dialect {
        Dialect::V07 => id.chars().find(|ch| matches!(ch, '\r' | '\n' | '\0')),
        Dialect::V08 => forbidden(id),
    };
    match forbidden {
        None => Ok(Some(id.to_owned())),
        Some(ch) => Err(Refusal::bad(format!(
            "The last event ID has the character U+{:04X}, which no id can have.",
            u32::from(ch)
        ))),
    }
}

#[cfg(test)]
mod tests;
