//! Events as JSON lines. In: an event, and for `tail` its origin and when it came. Out: one object with the standard's
//! names, always in the same order, and a line end.
//!
//! Next: `tail/printer.rs` and `decode.rs` write them.

use wellspring::EventRef;

use crate::plain::is_obeyed;

/// What a line has beside the event.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extras<'a> {
    pub(crate) origin: Option<&'a str>,
    /// When the event came.
    pub(crate) received: Option<&'a str>,
    /// Spell out what a terminal would obey. The JSON is the same.
    pub(crate) for_terminal: bool,
}

/// Appends the event's line.
pub(crate) fn write_event(out: &mut Vec<u8>, event: EventRef<'_>, extras: Extras<'_>) {
    let begin = out.len();
    write_member(out, b"{\"type\":", event.event_type);
    write_member(out, b",\"data\":", event.data);
    write_member(out, b",\"lastEventId\":", event.last_event_id);
    if let Some(origin) = extras.origin {
        write_member(out, b",\"origin\":", origin);
    }
    if let Some(received) = extras.received {
        write_member(out, b",\"received\":", received);
    }
    out.push(b'}');
    if extras.for_terminal {
        let line = String::from_utf8_lossy(&out[begin..]).into_owned();
        out.truncate(begin);
        out.extend_from_slice(spelled_out(&line).as_bytes());
    }
    out.push(b'\n');
}

/// A text as JSON, in which a terminal finds nothing to obey either.
pub(crate) fn visible_text(plain: &str) -> String {
    spelled_out(&text(plain))
}

/// JSON in which the characters are escaped that JSON leaves to a terminal.
fn spelled_out(json: &str) -> String {
    let mut spelled = String::with_capacity(json.len());
    for ch in json.chars() {
        match is_obeyed(ch) {
            true => spelled.push_str(&format!("\\u{:04x}", u32::from(ch))),
            false => spelled.push(ch),
        }
    }
    spelled
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
