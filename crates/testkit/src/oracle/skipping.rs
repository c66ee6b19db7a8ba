//! The naive decoder with limits. In: a whole body, and how long a line, an event and an id may be. Out: the
//! [`Trace`] of a decoder that skips what is longer, comments included.
//!
//! A limit counts bytes as they were received: those of the value on one line; those of the data
//! buffer and the event type buffer together; those of an id. The first byte too many leaves out the
//! event, and counts once an event; a `retry` that is too long goes alone. An id that is too long leaves
//! the last event ID as it was, unless another follows in its block.
//!
//! Next: `../vectors.rs`.

use crate::Trace;
use std::time::Duration;

/// Decodes a body of an event source that has no last event ID yet.
#[must_use]
pub fn decode(body: &[u8], line: usize, event: usize, id: usize) -> Trace {
    let mut stream = Stream {
        line,
        event,
        longest_id: id,
        ..Stream::default()
    };
    let mut at = if body.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    while at < body.len() {
        let length = body[at..].iter().position(|byte| b"\r\n".contains(byte));
        let end = length.map_or(body.len(), |length| at + length);
        stream.read(&body[at..end], at, length.is_some());
        at = end
            + if body[end..].starts_with(b"\r\n") {
                2
            } else {
                1
            };
    }
    stream.trace
}

#[derive(Default)]
struct Stream {
    line: usize,
    event: usize,
    longest_id: usize,
    data: Vec<u8>,
    event_type: String,
    id: Option<String>,
    last_event_id: String,
    skipping: bool,
    trace: Trace,
}

impl Stream {
    /// A line at this offset; the last one of a body may lack its end.
    fn read(&mut self, line: &[u8], at: usize, ended: bool) {
        if line.is_empty() {
            return self.dispatch();
        }
        let colon = line.iter().position(|&byte| byte == b':');
        let (name, value) = match colon {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None if ended => (line, &b""[..]),
            None => return,
        };
        let value = match colon {
            Some(0) | None => value,
            Some(_) => value.strip_prefix(b" ").unwrap_or(value),
        };
        // What else the value counts for besides its line: what is held already, and the limit.
        let (kind, held, limit) = match name {
            b"data" | b"event" if self.skipping => return,
            b"data" => ("event", self.data.len() + self.event_type.len(), self.event),
            b"event" => ("event", self.data.len(), self.event),
            b"id" => ("id", 0, self.longest_id),
            b"retry" => ("line", 0, self.line),
            b"" if ended => return self.trace.comment(&String::from_utf8_lossy(value)),
            _ => return,
        };
        let alone = name == b"retry";
        let only_a_name = value.is_empty() && (name != b"data" || !ended);
        let over_line = value.len().saturating_sub(self.line);
        let over = (held + value.len()).saturating_sub(limit);
        // Of two limits the one that was exceeded earlier.
        let (kind, over) = if over_line >= over {
            ("line", over_line)
        } else {
            (kind, over)
        };
        if over > 0 && !only_a_name {
            if alone || !self.skipping {
                let offset = (at + line.len()).saturating_sub(over);
                self.trace.skipped(kind, offset as u64);
            }
            if !alone {
                self.skip();
            }
            if name == b"id" {
                self.id = None;
            }
        } else if ended {
            self.process(name, value);
        }
    }

    fn skip(&mut self) {
        self.skipping = true;
        self.data.clear();
        self.event_type.clear();
    }

    fn process(&mut self, name: &[u8], value: &[u8]) {
        let text = String::from_utf8_lossy(value).into_owned();
        match name {
            b"data" => self.data.extend([value, b"\n"].concat()),
            b"event" => self.event_type = text,
            b"id" if !value.contains(&0) => self.id = Some(text),
            b"retry" if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let milliseconds = text.parse().unwrap_or(u64::MAX);
                self.trace.retry(Duration::from_millis(milliseconds));
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let data = std::mem::take(&mut self.data);
        let event_type = std::mem::take(&mut self.event_type);
        let id = self.id.take().unwrap_or_else(|| self.last_event_id.clone());
        let moved = id != self.last_event_id;
        self.last_event_id = id;
        self.skipping = false;
        if let Some(data) = data.strip_suffix(b"\n") {
            let data = String::from_utf8_lossy(data);
            let named = if event_type.is_empty() {
                "message"
            } else {
                &event_type
            };
            self.trace.event(named, &data, &self.last_event_id);
        } else if moved {
            self.trace.position(&self.last_event_id);
        }
    }
}
