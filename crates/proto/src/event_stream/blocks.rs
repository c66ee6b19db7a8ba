//! The fast path: blocks that lie whole in one chunk, read in place. In: text that is known to be
//! UTF-8 and starts at the start of a block. Out: events that borrow from it, nothing copied but
//! ids and joined lines.
//!
//! It takes what nearly all streams consist of and stops in front of a block that is anything
//! else (cut off, a `retry`, a name without a colon); the layers of `decoder.rs` read that one.
//! The tests hold the two to the same traces.
//!
//! Next: `batch.rs`.

use super::Item;
use super::lines::find_line_end;
use crate::event::EventRef;
use alloc::string::String;
use core::ops::{ControlFlow, Range};

/// What lives longer than a block.
pub(crate) struct Context<'a> {
    pub(crate) last_event_id: &'a mut String,
    pub(crate) scratch: &'a mut String,
    /// Comments are asked for, and the layers know how to cut them.
    pub(crate) comments: bool,
}

/// The values of one block, as places in the text.
struct Block {
    data: Data,
    event_type: Range<usize>,
    id: Option<Range<usize>>,
}

enum Data {
    None,
    Line(Range<usize>),
    /// Several lines, joined in the scratch.
    Joined,
}

enum Line {
    Blank {
        next: usize,
    },
    Field {
        next: usize,
    },
    /// Not for the fast path, or not all there.
    Stop,
}

/// Visits the events of whole blocks; returns how many bytes were read.
#[inline]
pub(crate) fn read_blocks(
    text: &str,
    context: &mut Context<'_>,
    visit: &mut impl FnMut(Item<'_>) -> ControlFlow<()>,
) -> (usize, ControlFlow<()>) {
    let mut start = 0;
    loop {
        let mut block = Block {
            data: Data::None,
            event_type: 0..0,
            id: None,
        };
        let mut at = start;
        start = loop {
            match read_line(text, at, &mut block, context) {
                Line::Field { next } => at = next,
                Line::Blank { next } => break next,
                Line::Stop => return (start, ControlFlow::Continue(())),
            }
        };
        if let Some(item) = dispatch(text, &block, context)
            && visit(item).is_break()
        {
            return (start, ControlFlow::Break(()));
        }
    }
}

#[inline]
fn read_line(text: &str, at: usize, block: &mut Block, context: &mut Context<'_>) -> Line {
    let bytes = text.as_bytes();
    let Some(line) = bytes.get(at..).filter(|line| !line.is_empty()) else {
        return Line::Stop;
    };
    if line[0] == b'\n' {
        return Line::Blank { next: at + 1 };
    }
    let Some(length) = find_line_end(line) else {
        return Line::Stop;
    };
    let end = at + length;
    let next = end + line_end_length(line, length);
    if length == 0 {
        return Line::Blank { next };
    }
    if line.starts_with(b"data:") {
        push_data(text, value(bytes, at + 5)..end, block, context.scratch);
    } else if line.starts_with(b"event:") {
        block.event_type = value(bytes, at + 6)..end;
    } else if line.starts_with(b"id:") {
        let id = value(bytes, at + 3)..end;
        if memchr::memchr(0, &bytes[id.clone()]).is_none() {
            block.id = Some(id);
        }
    } else if needs_layers(&line[..length], context.comments) {
        return Line::Stop;
    }
    Line::Field { next }
}

/// The value starts here, or after one space; the line ends no earlier than that.
#[inline]
fn value(bytes: &[u8], at: usize) -> usize {
    at + usize::from(bytes.get(at) == Some(&b' '))
}

#[inline]
fn line_end_length(line: &[u8], end: usize) -> usize {
    if line[end] == b'\r' && line.get(end + 1) == Some(&b'\n') {
        2
    } else {
        1
    }
}

#[inline]
fn needs_layers(line: &[u8], comments: bool) -> bool {
    match line[0] {
        b':' => comments,
        b'r' => line.starts_with(b"retry"),
        b'd' => line == b"data",
        b'e' => line == b"event",
        b'i' => line == b"id",
        _ => false,
    }
}

#[inline]
fn push_data(text: &str, line: Range<usize>, block: &mut Block, scratch: &mut String) {
    match &block.data {
        Data::None => {
            block.data = Data::Line(line);
            return;
        }
        Data::Line(first) => {
            scratch.clear();
            scratch.push_str(&text[first.clone()]);
            block.data = Data::Joined;
        }
        Data::Joined => {}
    }
    scratch.push('\n');
    scratch.push_str(&text[line]);
}

#[inline]
fn dispatch<'a>(text: &'a str, block: &Block, context: &'a mut Context<'_>) -> Option<Item<'a>> {
    let mut moved = false;
    if let Some(id) = &block.id {
        let id = &text[id.clone()];
        moved = context.last_event_id.as_str() != id;
        if moved {
            context.last_event_id.clear();
            context.last_event_id.push_str(id);
        }
    }
    let data = match &block.data {
        Data::None => return moved.then_some(Item::Position(context.last_event_id)),
        Data::Line(line) => &text[line.clone()],
        Data::Joined => context.scratch,
    };
    let event_type = &text[block.event_type.clone()];
    Some(Item::Event(EventRef::new(
        event_type,
        data,
        context.last_event_id,
    )))
}
