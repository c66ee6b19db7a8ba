//! Events as JSON lines. In: an event, and for `tail` its origin and when it came. Out: one object with the standard's
//! names, always in the same order, and a line end.
//!
//! Next: `tail/printer.rs` and `decode.rs` write them.

use wellspring::EventRef;

/// Appends the event's line.
pub(crate) fn write_event(
    out: &mut Vec<u8>,
    event: EventRef<'_>,
    origin: Option<&str>,
    received: Option<&str>,
) {
    write_member(out, b"{\"type\":", event.event_type);
    write_member(out, b",\"data\":", event.data);
    write_member(out, b",\"lastEventId\":", event.last_event_id);
    if let Some(origin) = origin {
        write_member(out, b",\"origin\":", origin);
    }
    if let Some(received) = received {
        write_member(out, b",\"received\":", received);
    }
    out.extend_from_slice(b"}\n");
}

/// A text as JSON.
pub(crate) fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn write_member(out: &mut Vec<u8>, key: &[u8], value: &str) {
    out.extend_from_slice(key);
    serde_json::to_writer(out, value).expect("text is always JSON, and a vector takes it");
}

#[cfg(test)]
mod tests;
