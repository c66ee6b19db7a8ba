//! Blocks that are cut off. In: a chunk that ends in a block, and the chunks after it. Out: the block, read by the
//! fast path once it is whole, or by the layers where it cannot wait or is long.
//!
//! Next: `exceeding.rs`.

use super::{Decoder, Sink};
use crate::event_stream::Item;
use crate::event_stream::blocks::{Stop, after_line_end, is_urgent, read_blocks};
use crate::event_stream::interpret::Excess;
use crate::event_stream::line_ends::LineEnds;
use crate::event_stream::window::Window;
use core::ops::ControlFlow;

impl Decoder {
    /// Keeps the rest of the chunk, the start of a block whose last line starts at `line`.
    #[inline]
    pub(super) fn keep(&mut self, chunk: &[u8], at: &mut usize, line: usize) -> Result<(), Excess> {
        let rest = &chunk[*at..];
        let Some(first) = rest.first() else {
            return Ok(());
        };
        if *first == b':' && !self.comments {
            self.fields.begin_comment();
            *at = chunk.len();
            return Ok(());
        }
        if self.carry.has_room(rest.len()) {
            self.carry.push(rest, Some(line - *at));
            *at = chunk.len();
            return Ok(());
        }
        self.read_lines(&chunk[..line], at)?;
        self.lines.skip_line_feed(chunk, line);
        *at = chunk.len();
        self.read_bytes(&chunk[line..])
    }

    /// The layers, over lines that hold no item.
    fn read_lines(&mut self, lines: &[u8], at: &mut usize) -> Result<(), Excess> {
        while *at < lines.len() {
            let _ = self.read_block(lines, at, &mut |_: Item<'_>| ControlFlow::Continue(()))?;
        }
        Ok(())
    }

    /// Up to the end of the block, if the chunk has it.
    #[inline]
    pub(super) fn read_carried(
        &mut self,
        chunk: &[u8],
        at: &mut usize,
        sink: &mut impl Sink,
    ) -> Result<ControlFlow<()>, Excess> {
        match self.find_block_end(chunk, *at) {
            Found::End { end, more } if self.carry.has_room(end - *at) => {
                self.carry.push(&chunk[*at..end], None);
                self.note_line_end(&chunk[..end]);
                *at = end;
                let flow = self.read_carry(sink)?;
                if !more && flow.is_continue() && end < chunk.len() {
                    self.lines.set_after_cr(false);
                    self.keep(chunk, at, end)?;
                }
                Ok(flow)
            }
            Found::More { line } if self.carry.has_room(chunk.len() - *at) => {
                self.carry.push(&chunk[*at..], line.map(|line| line - *at));
                *at = chunk.len();
                Ok(ControlFlow::Continue(()))
            }
            _ => {
                self.give_up_carry()?;
                self.read_block(chunk, at, &mut |item| sink.take(item))
            }
        }
    }

    /// The layers take over what is carried.
    #[cold]
    fn give_up_carry(&mut self) -> Result<(), Excess> {
        let carried = self.carry.take();
        // It is too short to exceed a limit.
        let read = self.read_lines(&carried, &mut 0);
        self.carry.give_back(carried);
        read
    }

    /// Where in the chunk the block ends that is carried.
    #[inline]
    fn find_block_end(&self, chunk: &[u8], at: usize) -> Found {
        let after_cr = self.carry.after_cr();
        let mut ends = LineEnds::new(chunk, at, after_cr);
        let mut line = at + usize::from(after_cr && chunk[at] == b'\n');
        let mut first = self.carry.line_first();
        let mut starts_here = first.is_none();
        loop {
            let Some(end) = ends.next() else {
                return Found::More {
                    line: starts_here.then_some(line),
                };
            };
            if starts_here && end == line {
                return Found::End {
                    end: after_line_end(chunk, end),
                    more: ends.may_have_more(),
                };
            }
            if is_urgent(first.unwrap_or(chunk[line]), self.comments) {
                return Found::Urgent;
            }
            line = after_line_end(chunk, end);
            (starts_here, first) = (true, None);
        }
    }

    /// Reads the block, which is whole.
    #[inline]
    fn read_carry(&mut self, sink: &mut impl Sink) -> Result<ControlFlow<()>, Excess> {
        let carried = self.carry.take();
        let (mut read, stop) =
            read_blocks(&mut Window::new(&carried), 0, &mut self.context(), sink);
        let flow = match stop {
            Stop::Cut { .. } => Ok(ControlFlow::Continue(())),
            Stop::Broken => Ok(ControlFlow::Break(())),
            Stop::Layers => self.read_block(&carried, &mut read, &mut |item| sink.take(item)),
        };
        self.carry.give_back(carried);
        flow
    }
}

/// What a chunk has of the block that is carried.
enum Found {
    /// All; it ends here, and another line may end behind it, or none does.
    End { end: usize, more: bool },
    /// Not its end. Where its last line starts, if that is in the chunk.
    More { line: Option<usize> },
    /// A line that cannot wait for the end.
    Urgent,
}
