//! The fast path: blocks that lie whole in a chunk, read in place. In: bytes from the start of a block on. Out: events
//! that borrow from them, nothing copied but ids and joined lines.
//!
//! It takes what nearly all streams consist of and stops in front of a block that is anything
//! else (a `retry`, a name without a colon, an id that is too long, not UTF-8); the layers of `decoder.rs` read that one.
//! The tests hold the two to the same traces.
//!
//! Next: `carry.rs`, for a block that is cut off; `batch.rs`.

use super::Item;
use super::comments::skip_comments;
use super::line_ends::LineEnds;
use super::short::push_line;
use super::sink::{Borrowed, Sink};
use super::window::{SIZE, Window};
use crate::event::EventRef;
use alloc::string::String;
use core::ops::{ControlFlow, Range};

/// What lives longer than a block.
pub(crate) struct Context<'a> {
    pub(crate) last_event_id: &'a mut String,
    pub(crate) scratch: &'a mut String,
    /// Bytes of a block in which nothing can exceed a limit.
    pub(crate) longest_block: usize,
    /// Bytes of an id; the layers know what to do with a longer one.
    pub(crate) longest_id: usize,
    /// Comments are asked for, and the layers know how to cut them.
    pub(crate) comments: bool,
}

/// Why the fast path stopped, at the start of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The bytes end in the block, or in front of it. Here its last line starts.
    Cut { line: usize },
    /// The block is one for the layers.
    Layers,
    /// Behind the block whose item was one too many for who takes them.
    Broken,
}

/// What a line turned out to be.
enum Line {
    Read,
    Comment,
    Layers,
}

/// The values of one block, as places in the chunk.
struct Block {
    start: usize,
    /// The only line of data, or the first of several.
    data: Range<usize>,
    data_lines: usize,
    event_type: Range<usize>,
    /// At the start of the block when there is none: no value stands there.
    id: Range<usize>,
}

impl Block {
    #[inline(always)]
    const fn new(start: usize) -> Self {
        Self {
            start,
            data: start..start,
            data_lines: 0,
            event_type: start..start,
            id: start..start,
        }
    }
}

/// Hands on the events of whole blocks from `start` on; returns where it stopped.
#[inline]
pub(crate) fn read_blocks<'a>(
    window: &mut Window<'a>,
    start: usize,
    context: &mut Context<'_>,
    sink: &mut impl Sink,
) -> (usize, Stop) {
    let bytes = window.chunk;
    let mut reader = Reader {
        bytes,
        ends: LineEnds::new(bytes, start, false),
        start,
        comments: 0,
        window: *window,
        context,
    };
    let stop = loop {
        if let Err(stop) = reader.read_block(sink) {
            break stop;
        }
    };
    *window = reader.window;
    (reader.start, stop)
}

/// Past the LF, CR or CRLF at `end`.
#[inline(always)]
pub(crate) fn after_line_end(bytes: &[u8], end: usize) -> usize {
    let pair = bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) == Some(&b'\n');
    end + 1 + usize::from(pair)
}

/// Whether a line means something before its block ends, so that no block that has it may wait for its end.
#[inline(always)]
pub(crate) fn is_urgent(first: u8, comments: bool) -> bool {
    first == b'r' || comments && first == b':'
}

/// Reads blocks of one chunk.
struct Reader<'a, 'c, 'd> {
    bytes: &'a [u8],
    ends: LineEnds<'a>,
    /// Where the block starts.
    start: usize,
    /// How many comments there were in front of it, without an event between them.
    comments: usize,
    window: Window<'a>,
    context: &'c mut Context<'d>,
}

impl Reader<'_, '_, '_> {
    /// Reads a block, or a run of comments.
    #[inline(always)]
    fn read_block(&mut self, sink: &mut impl Sink) -> Result<(), Stop> {
        let start = self.start;
        let mut line = start;
        let mut end = self.next_end(line)?;
        let mut event_type = start..start;
        let mut data = self.lone_data(line, end);
        if data.is_none()
            && let Some(value) = self.bytes[line..end].strip_prefix(b"event:")
        {
            event_type = after_space(value, end);
            line = after_line_end(self.bytes, end);
            end = self.next_end(line)?;
            data = self.lone_data(line, end);
        }
        // What most blocks are: a type or none, one line of data, and the blank line.
        if let Some(data) = data {
            self.ends.next();
            return self.lend(event_type, data, end + 2, sink);
        }
        self.read_any_block(line, end, event_type, sink)
    }

    /// The value of a line of data that ends the block.
    #[inline(always)]
    fn lone_data(&self, line: usize, end: usize) -> Option<Range<usize>> {
        let value = self.bytes[line..end].strip_prefix(b"data:")?;
        let ends = self.bytes[end..].starts_with(b"\n\n")
            && end + 2 - self.start <= self.context.longest_block;
        ends.then(|| after_space(value, end))
    }

    #[inline(always)]
    fn next_end(&mut self, line: usize) -> Result<usize, Stop> {
        self.ends.next().ok_or(Stop::Cut { line })
    }

    #[inline(always)]
    fn lend(
        &mut self,
        event_type: Range<usize>,
        data: Range<usize>,
        end: usize,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        if !self.reach(self.start..end, sink) {
            return Err(Stop::Layers);
        }
        self.start = end;
        self.comments = 0;
        let flow = sink.take_borrowed(Borrowed {
            text: self.window.text,
            event_type: self.place(event_type),
            data: self.place(data),
            last_event_id: self.context.last_event_id,
        });
        if flow.is_break() {
            return Err(Stop::Broken);
        }
        Ok(())
    }

    /// The rest of a block, from a line that ends at `end` on.
    #[inline(always)]
    fn read_any_block(
        &mut self,
        mut line: usize,
        mut end: usize,
        event_type: Range<usize>,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        let mut block = Block {
            event_type,
            ..Block::new(self.start)
        };
        let next = loop {
            let next = after_line_end(self.bytes, end);
            if end == line {
                break next;
            }
            match self.read_line(line..end, &mut block, sink) {
                Line::Comment if line == self.start => return self.skip_comment(next),
                Line::Comment | Line::Read => {}
                Line::Layers => return Err(Stop::Layers),
            }
            line = next;
            end = self.next_end(line)?;
        };
        if block.data_lines > 0 {
            self.comments = 0;
        }
        let flow = self.dispatch(block, next, sink).ok_or(Stop::Layers)?;
        self.start = next;
        match flow {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Broken),
        }
    }

    /// A comment in front of a block, which ends in front of `next`; where there are several, as many as come.
    #[inline]
    fn skip_comment(&mut self, next: usize) -> Result<(), Stop> {
        self.comments += 1;
        if self.comments > 1 {
            let far = skip_comments(self.bytes, self.start);
            if far >= next {
                self.ends.seek(far);
                let end = self.next_end(self.start)?;
                self.start = after_line_end(self.bytes, end);
                return Ok(());
            }
        }
        self.start = next;
        Ok(())
    }

    #[inline(always)]
    fn read_line(&mut self, line: Range<usize>, block: &mut Block, sink: &mut impl Sink) -> Line {
        let bytes = &self.bytes[line.clone()];
        if let Some(value) = bytes.strip_prefix(b"data:") {
            return self.push_data(after_space(value, line.end), block, sink);
        }
        if let Some(value) = bytes.strip_prefix(b"event:") {
            block.event_type = after_space(value, line.end);
            return Line::Read;
        }
        if let Some(value) = bytes.strip_prefix(b"id:") {
            return self.read_id(after_space(value, line.end), block);
        }
        self.read_other(bytes)
    }

    #[inline]
    fn read_id(&self, id: Range<usize>, block: &mut Block) -> Line {
        if id.len() > self.context.longest_id {
            return Line::Layers;
        }
        if memchr::memchr(0, &self.bytes[id.clone()]).is_none() {
            block.id = id;
        }
        Line::Read
    }

    #[inline]
    fn read_other(&self, line: &[u8]) -> Line {
        let layers = match line.first() {
            Some(b':') if self.context.comments => true,
            Some(b':') => return Line::Comment,
            Some(b'r') => line.starts_with(b"retry"),
            Some(b'd') => line == b"data",
            Some(b'e') => line == b"event",
            Some(b'i') => line == b"id",
            _ => false,
        };
        if layers { Line::Layers } else { Line::Read }
    }

    #[inline(always)]
    fn push_data(&mut self, line: Range<usize>, block: &mut Block, sink: &mut impl Sink) -> Line {
        block.data_lines += 1;
        if block.data_lines == 1 {
            block.data = line;
            return Line::Read;
        }
        self.join(line, block, sink)
    }

    /// Puts the second line of data, or one after it, behind those before it.
    #[inline]
    fn join(&mut self, line: Range<usize>, block: &mut Block, sink: &mut impl Sink) -> Line {
        // A longer block would be validated more than once.
        if line.end - block.start > SIZE || !self.reach(block.start..line.end, sink) {
            return Line::Layers;
        }
        let (text, start) = (self.window.text, self.window.start);
        let place = |range: &Range<usize>| range.start - start..range.end - start;
        let scratch = &mut *self.context.scratch;
        if block.data_lines == 2 {
            scratch.clear();
            push_line(scratch, text, place(&block.data));
        }
        scratch.push('\n');
        push_line(scratch, text, place(&line));
        Line::Read
    }

    /// Whether that part of the chunk may be lent.
    #[inline(always)]
    fn reach(&mut self, part: Range<usize>, sink: &mut impl Sink) -> bool {
        if self.window.reaches(part.end) {
            return true;
        }
        let Some(text) = self.window.move_to(part) else {
            return false;
        };
        sink.borrow_from(text);
        true
    }

    /// Where a place in the chunk stands in the text that may be lent.
    #[inline(always)]
    fn place(&self, place: Range<usize>) -> Range<usize> {
        place.start - self.window.start..place.end - self.window.start
    }

    /// Hands the event on; `None` when the block is one for the layers.
    #[inline(always)]
    fn dispatch(
        &mut self,
        block: Block,
        end: usize,
        sink: &mut impl Sink,
    ) -> Option<ControlFlow<()>> {
        if end - block.start > self.context.longest_block {
            return None;
        }
        let has_id = block.id.start > block.start;
        if block.data_lines == 0 && !has_id {
            return Some(ControlFlow::Continue(()));
        }
        if !self.reach(block.start..end, sink) {
            return None;
        }
        let (text, start) = (self.window.text, self.window.start);
        let place = |range: Range<usize>| range.start - start..range.end - start;
        let last_event_id = &mut *self.context.last_event_id;
        let moved = has_id && commit(&text[place(block.id)], last_event_id);
        Some(match block.data_lines {
            0 if moved => sink.take(Item::LastEventId(last_event_id)),
            0 => ControlFlow::Continue(()),
            1 => lend_rare(
                sink,
                Borrowed {
                    text,
                    event_type: place(block.event_type),
                    data: place(block.data),
                    last_event_id,
                },
            ),
            _ => sink.take(Item::Event(EventRef::new(
                &text[place(block.event_type)],
                self.context.scratch,
                last_event_id,
            ))),
        })
    }
}

/// What a sink does is compiled once for what most blocks are, and once for the others.
#[inline(never)]
fn lend_rare(sink: &mut impl Sink, event: Borrowed<'_>) -> ControlFlow<()> {
    sink.take_borrowed(event)
}

/// The value up to `end`, after one space.
#[inline(always)]
fn after_space(value: &[u8], end: usize) -> Range<usize> {
    let space = usize::from(value.first() == Some(&b' '));
    end - value.len() + space..end
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
