//! The fast path: blocks that lie whole in one chunk, read in place. In: text that is known to be
//! UTF-8 and starts at the start of a block. Out: events that borrow from it, nothing copied but
//! ids and joined lines.
//!
//! It takes what nearly all streams consist of and stops in front of a block that is anything
//! else (cut off, a `retry`, a name without a colon, an id that is too long); the layers of `decoder.rs` read that one.
//! The tests hold the two to the same traces.
//!
//! # A block's way
//!
//! 1. Blank lines and comments in front of it are skipped, a stride of 64 bytes at a time in long runs.
//! 2. Each line is compared with `data:`, `event:`, `id:`; only the places of values are noted. A second line of
//!    data starts the joining, in `scratch`.
//! 3. At the blank line the id is committed, and the event goes to the sink: as places in the text if it has one
//!    line of data, else with the joined text.
//!
//! No limit is checked but that of the id: a window is no longer than the smallest limit.
//!
//! Next: `batch.rs`.

use super::Item;
use super::lines::find_line_end;
use super::sink::{Borrowed, Sink};
use crate::event::EventRef;
use alloc::string::String;
use core::ops::{ControlFlow, Range};

/// What lives longer than a block.
pub(crate) struct Context<'a> {
    /// The string of the event source.
    pub(crate) last_event_id: &'a mut String,
    /// Room for joined lines.
    pub(crate) scratch: &'a mut String,
    /// Bytes of an id; the layers know what to do with a longer one.
    pub(crate) longest_id: usize,
    /// Comments are asked for, and the layers know how to cut them.
    pub(crate) comments: bool,
}

/// The values of one block, as places in the text.
struct Block {
    /// The only line of data, or the first of several.
    data: Range<usize>,
    /// How many there are; without any no event is dispatched.
    data_lines: usize,
    /// Empty for the default type.
    event_type: Range<usize>,
    /// Empty and at 0 when there is none: no value stands at the start of a text.
    id: Range<usize>,
}

impl Block {
    /// A block of which nothing has been read.
    const EMPTY: Self = Self {
        data: 0..0,
        data_lines: 0,
        event_type: 0..0,
        id: 0..0,
    };
}

/// Hands on the events of whole blocks; returns how many bytes were read.
#[inline(always)]
pub(crate) fn read_blocks(
    text: &str,
    context: &mut Context<'_>,
    sink: &mut impl Sink,
) -> (usize, ControlFlow<()>) {
    let bytes = text.as_bytes();
    let mut start = 0;
    loop {
        start = skip_idle_lines(bytes, start, context.comments);
        let mut block = Block::EMPTY;
        let mut at = start;
        start = loop {
            match bytes.get(at) {
                Some(b'\n') => break at + 1,
                Some(b'\r') => break after_line_end(bytes, at),
                _ => {}
            }
            match read_line(text, at, &mut block, context) {
                Some(next) => at = next,
                None => return (start, ControlFlow::Continue(())),
            }
        };
        if dispatch(text, block, context, sink).is_break() {
            return (start, ControlFlow::Break(()));
        }
    }
}

/// At the start of a block neither a blank line nor a comment means anything.
#[inline(always)]
pub(crate) fn skip_idle_lines(bytes: &[u8], mut at: usize, comments: bool) -> usize {
    let mut run = 0;
    loop {
        at = match bytes.get(at) {
            Some(b'\n') => at + 1,
            Some(b'\r') => after_line_end(bytes, at),
            Some(b':') if !comments => {
                run += 1;
                let skipped = if run > 1 {
                    skip_comments(bytes, at)
                } else {
                    at
                };
                match find_line_end(&bytes[skipped..]) {
                    Some(length) => after_line_end(bytes, skipped + length),
                    None => return at,
                }
            }
            _ => return at,
        };
    }
}

/// Bytes looked at together in a run of comments.
const STRIDE: usize = 64;

/// From the start of a comment to a place further on, in or right behind a comment, that is reached
/// over comments and blank lines only.
#[inline]
fn skip_comments(bytes: &[u8], mut at: usize) -> usize {
    while let Some(stride) = bytes[at..].first_chunk::<{ STRIDE + 1 }>()
        && !starts_field(stride)
    {
        at += STRIDE;
    }
    at
}

/// Whether a line starts behind one of the first bytes, that is neither a comment nor blank. A
/// search for the place would compile to a loop over bytes, the question alone to vectors.
#[inline]
fn starts_field(stride: &[u8; STRIDE + 1]) -> bool {
    let mut any = 0;
    for (&byte, &next) in stride.iter().zip(&stride[1..]) {
        let line_ends = u8::from(byte == b'\n') | u8::from(byte == b'\r');
        let idle = u8::from(next == b':') | u8::from(next == b'\n') | u8::from(next == b'\r');
        any |= line_ends & !idle & 1;
    }
    any != 0
}

/// Where the line after the one at `at` starts; `None` when the line is not there as a whole, or
/// not for the fast path.
#[inline(always)]
fn read_line(text: &str, at: usize, block: &mut Block, context: &mut Context<'_>) -> Option<usize> {
    let bytes = text.as_bytes();
    let line = bytes.get(at..)?;
    let length = find_line_end(line)?;
    let end = at + length;
    if line.starts_with(b"data:") {
        push_data(text, value(bytes, at + 5)..end, block, context.scratch);
    } else if line.starts_with(b"event:") {
        block.event_type = value(bytes, at + 6)..end;
    } else if line.starts_with(b"id:") {
        let id = value(bytes, at + 3)..end;
        if id.len() > context.longest_id {
            return None;
        }
        if memchr::memchr(0, &bytes[id.clone()]).is_none() {
            block.id = id;
        }
    } else if needs_layers(&line[..length], context.comments) {
        return None;
    }
    Some(after_line_end(bytes, end))
}

/// The value starts here, or after one space; the line ends no earlier than that.
#[inline(always)]
fn value(bytes: &[u8], at: usize) -> usize {
    at + usize::from(bytes.get(at) == Some(&b' '))
}

/// Past the LF, CR or CRLF at `end`.
#[inline(always)]
pub(crate) fn after_line_end(bytes: &[u8], end: usize) -> usize {
    let pair = bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) == Some(&b'\n');
    end + 1 + usize::from(pair)
}

/// Whether a line that is no `data:`, `event:` or `id:` still means something: a `retry`, a comment that was asked
/// for, or a field without a colon. Other lines are ignored, as the standard has it.
#[inline]
fn needs_layers(line: &[u8], comments: bool) -> bool {
    match line.first() {
        Some(b':') => comments,
        Some(b'r') => line.starts_with(b"retry"),
        Some(b'd') => line == b"data",
        Some(b'e') => line == b"event",
        Some(b'i') => line == b"id",
        _ => false,
    }
}

/// Notes a line of data; from the second on they are joined.
#[inline(always)]
fn push_data(text: &str, line: Range<usize>, block: &mut Block, scratch: &mut String) {
    block.data_lines += 1;
    if block.data_lines == 1 {
        block.data = line;
        return;
    }
    if block.data_lines == 2 {
        scratch.clear();
        push_line(scratch, text, block.data.clone());
    }
    scratch.push('\n');
    push_line(scratch, text, line);
}

/// Bytes copied at once.
const GULP: usize = 96;

/// Appends a line. A short one takes what follows it along and is cut: a copy of a fixed length is
/// a few instructions, one of a random length is a call and a guess.
#[inline(always)]
fn push_line(joined: &mut String, text: &str, line: Range<usize>) {
    let length = joined.len() + line.len();
    if line.len() <= GULP
        && let Some(gulp) = text.get(line.start..line.start + GULP)
    {
        joined.push_str(gulp);
        joined.truncate(length);
    } else {
        joined.push_str(&text[line]);
    }
}

/// The blank line: commits the id and hands on the event, if there is one.
#[inline(always)]
fn dispatch(
    text: &str,
    block: Block,
    context: &mut Context<'_>,
    sink: &mut impl Sink,
) -> ControlFlow<()> {
    let moved = block.id.start > 0 && commit(&text[block.id], context.last_event_id);
    match block.data_lines {
        0 if moved => sink.take(Item::LastEventId(context.last_event_id)),
        0 => ControlFlow::Continue(()),
        1 => sink.take_borrowed(Borrowed {
            text,
            event_type: block.event_type,
            data: block.data,
            last_event_id: context.last_event_id,
        }),
        _ => sink.take(Item::Event(EventRef::new(
            &text[block.event_type],
            context.scratch,
            context.last_event_id,
        ))),
    }
}

/// Whether the last event ID string is another one now.
#[inline]
fn commit(id: &str, last_event_id: &mut String) -> bool {
    if last_event_id == id {
        return false;
    }
    last_event_id.clear();
    last_event_id.push_str(id);
    true
}
