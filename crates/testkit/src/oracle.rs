//! The naive decoder. In: a whole body. Out: its [`Trace`], comments included. Written from the text
//! of the HTML Standard 9.2.6 in the plainest way and kept under 80 lines, so that an eye can check
//! it; it knows no limits, no chunks and no haste.
//!
//! Next: `oracle/skipping.rs`, the same with limits; `vectors.rs`, which this decoder must agree with.

pub mod skipping;

use crate::Trace;
use std::time::Duration;

/// Decodes a body of an event source that has no last event ID yet.
#[must_use]
pub fn decode(body: &[u8]) -> Trace {
    decode_from(body, "")
}

/// Decodes a body of an event source that already has this last event ID.
#[must_use]
pub fn decode_from(body: &[u8], last_event_id: &str) -> Trace {
    let text = String::from_utf8_lossy(body);
    let mut rest = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut stream = Stream {
        last_event_id_buffer: last_event_id.to_owned(),
        last_event_id: last_event_id.to_owned(),
        ..Stream::default()
    };
    while let Some(end) = rest.find(['\r', '\n']) {
        stream.line(&rest[..end]);
        rest = rest[end..].strip_prefix("\r\n").unwrap_or(&rest[end + 1..]);
    }
    stream.trace
}

#[derive(Default)]
struct Stream {
    data_buffer: String,
    event_type_buffer: String,
    last_event_id_buffer: String,
    last_event_id: String,
    trace: Trace,
}

impl Stream {
    fn line(&mut self, line: &str) {
        match line.split_once(':') {
            None if line.is_empty() => self.dispatch(),
            None => self.field(line, ""),
            Some(("", comment)) => self.trace.comment(comment),
            Some((name, value)) => self.field(name, value.strip_prefix(' ').unwrap_or(value)),
        }
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            "event" => self.event_type_buffer = value.to_owned(),
            "data" => self.data_buffer += &format!("{value}\n"),
            "id" if !value.contains('\0') => self.last_event_id_buffer = value.to_owned(),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let milliseconds = value.parse().unwrap_or(u64::MAX);
                self.trace.retry(Duration::from_millis(milliseconds));
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let data = std::mem::take(&mut self.data_buffer);
        let event_type = std::mem::take(&mut self.event_type_buffer);
        let moved = self.last_event_id != self.last_event_id_buffer;
        self.last_event_id.clone_from(&self.last_event_id_buffer);
        match (data.strip_suffix('\n'), event_type.as_str()) {
            (Some(data), "") => self.trace.event("message", data, &self.last_event_id),
            (Some(data), named) => self.trace.event(named, data, &self.last_event_id),
            (None, _) if moved => self.trace.position(&self.last_event_id),
            (None, _) => {}
        }
    }
}
