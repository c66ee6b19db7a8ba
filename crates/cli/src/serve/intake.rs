//! What is published, out of bytes as they come. In: chunks of standard input, or of the body of a
//! request. Out: a block for each line or event, with its number; or what is wrong with it.
//!
//! Next: `intake/lines.rs`, `intake/json.rs` and `intake/events.rs` for the formats; `stdin.rs` and
//! `publish.rs` feed it.

mod events;
mod json;
mod lines;
mod unusable;

pub(super) use unusable::Unusable;

use wellspring_server::Block;

use crate::args::Format;
use events::Events;
use json::Objects;
use lines::Lines;

/// The most bytes of an event, of a line of input and of the body of a request.
pub(super) const PUBLISH_LIMIT: usize = 8 << 20;

/// Reads what [`Format`] says. Everything that is wrong concerns one line or event, and the next is
/// read as if nothing were.
#[derive(Debug)]
pub(super) struct Intake {
    reading: Reading,
}

#[derive(Debug)]
enum Reading {
    Lines(Lines),
    Json(Lines, Objects),
    /// Boxed, because a decoder is large.
    Sse(Box<Events>),
}

impl Intake {
    /// Keeps at most `limit` bytes of a line or event.
    pub(super) fn new(format: Format, limit: usize) -> Self {
        let reading = match format {
            Format::Lines => Reading::Lines(Lines::new(limit)),
            Format::Json => Reading::Json(Lines::new(limit), Objects::default()),
            Format::Sse => Reading::Sse(Box::new(Events::new(limit))),
        };
        Self { reading }
    }

    /// Reads on, and hands over what is complete: numbers begin with 1.
    pub(super) fn read(
        &mut self,
        chunk: &[u8],
        mut take: impl FnMut(u64, Result<Block<'_>, Unusable>),
    ) {
        match &mut self.reading {
            Reading::Lines(lines) => lines.read(chunk, |number, line| take(number, text(line))),
            Reading::Json(lines, objects) => lines.read(chunk, |number, line| {
                if let Some(block) = object(line, objects) {
                    take(number, block);
                }
            }),
            Reading::Sse(events) => events.read(chunk, take),
        }
    }

    /// Hands over what no more comes behind: a last line without an end, a last reconnection time.
    pub(super) fn end(&mut self, mut take: impl FnMut(u64, Result<Block<'_>, Unusable>)) {
        match &mut self.reading {
            Reading::Lines(lines) => lines.end(|number, line| take(number, text(line))),
            Reading::Json(lines, objects) => lines.end(|number, line| {
                if let Some(block) = object(line, objects) {
                    take(number, block);
                }
            }),
            Reading::Sse(events) => events.end(take),
        }
    }

    /// What the numbers count.
    pub(super) fn unit(&self) -> &'static str {
        match self.reading {
            Reading::Lines(_) | Reading::Json(..) => "line",
            Reading::Sse(_) => "event",
        }
    }
}

/// Whatever a line holds, it is data; bytes that are not UTF-8 become U+FFFD.
fn text(line: Result<&[u8], Unusable>) -> Result<Block<'_>, Unusable> {
    line.map(|line| Block::data(String::from_utf8_lossy(line)))
}

/// A blank line is nothing.
fn object(
    line: Result<&[u8], Unusable>,
    objects: &mut Objects,
) -> Option<Result<Block<'static>, Unusable>> {
    match line {
        Ok(line) if line.trim_ascii().is_empty() => None,
        Ok(line) => Some(objects.block(line)),
        Err(unusable) => Some(Err(unusable)),
    }
}

#[cfg(test)]
mod tests;
