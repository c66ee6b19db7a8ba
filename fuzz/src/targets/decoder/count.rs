//! Limits, counted the slow way. In: a body and its limits. Out: the byte that is one too many, and
//! comments as they came.
//!
//! Next: `splits.rs`.

use wellspring_proto::{LimitKind, Limits};

/// Where a limit is exceeded.
#[derive(Debug)]
pub(super) struct Excess {
    pub(super) kind: LimitKind,
    /// The first byte too many.
    pub(super) offset: u64,
    /// Where its line starts.
    pub(super) line: usize,
}

/// The first excess of a body.
pub(super) fn excess(body: &[u8], limits: Limits) -> Option<Excess> {
    let (mut data, mut event_type) = (0, 0);
    for line in lines(body) {
        let (name, value) = line.field();
        let count = value.len();
        // Which limit counts besides that of the line, and what is held already.
        let (kind, held, limit) = match name {
            _ if line.text.is_empty() && line.ended => {
                (data, event_type) = (0, 0);
                continue;
            }
            b"data" => (LimitKind::Event, data + event_type, limits.event),
            b"event" => (LimitKind::Event, data, limits.event),
            b"id" => (LimitKind::Id, 0, limits.id),
            b"retry" => (LimitKind::Line, 0, limits.line),
            _ => continue,
        };
        let over_line = count.saturating_sub(limits.line);
        let over = over_line.max((held + count).saturating_sub(limit));
        // A value without a byte is looked at when its line ends, and only if it adds a line.
        let looked_at = count > 0 || (name == b"data" && line.ended);
        if over > 0 && looked_at {
            let first = over == over_line;
            return Some(Excess {
                kind: if first { LimitKind::Line } else { kind },
                offset: (line.end() as u64).saturating_sub(over as u64),
                line: line.start,
            });
        }
        match name {
            b"data" => data += count + 1,
            b"event" => event_type = String::from_utf8_lossy(value).len(),
            _ => {}
        }
    }
    None
}

/// The text of each comment, as received.
pub(super) fn comments(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines(body)
        .filter(|line| line.ended)
        .filter_map(|line| line.text.strip_prefix(b":"))
}

struct Line<'a> {
    start: usize,
    text: &'a [u8],
    ended: bool,
}

impl<'a> Line<'a> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Name and value. What has no colon yet is a name only when its line has ended.
    fn field(&self) -> (&'a [u8], &'a [u8]) {
        match self.text.iter().position(|&byte| byte == b':') {
            Some(colon) => {
                let value = &self.text[colon + 1..];
                let value = value.strip_prefix(b" ").unwrap_or(value);
                (&self.text[..colon], value)
            }
            None if self.ended => (self.text, &[]),
            None => (&[], &[]),
        }
    }
}

fn lines(body: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut start = if body.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    std::iter::from_fn(move || {
        let rest = body.get(start..).filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let line = Line {
            start,
            text: &rest[..end.unwrap_or(rest.len())],
            ended: end.is_some(),
        };
        start = line.end() + 1;
        if rest[line.text.len()..].starts_with(b"\r\n") {
            start += 1;
        }
        Some(line)
    })
}
