//! What exceeds a limit. In: where that was noticed. Out: the error; or, from a decoder that skips, the
//! rest of the chunk, without the event or the line that is too long.
//!
//! Example, with a limit of 4 bytes for a line: of `data: too long` LF LF `data: fits` LF LF the fast path reads
//! nothing, since its window is too small; the layers stop at the fifth byte of the value. A decoder that skips
//! reports `Skipped`, ignores the rest of that line and, at the blank line, the block; its `id` still counts. It
//! then goes on with `data: fits`.
//!
//! Next: back to `../decoder.rs`.

use super::Decoder;
use crate::event_stream::blocks::after_line_end;
use crate::event_stream::interpret::Excess;
use crate::event_stream::{Item, LimitExceeded, OnLimit};
use core::ops::ControlFlow;

impl Decoder {
    /// A limit is exceeded in front of `at`: the error, or what is skipped and, by the layers, the rest
    /// of the chunk.
    #[cold]
    pub(super) fn exceed(
        &mut self,
        mut excess: Excess,
        chunk: &[u8],
        at: &mut usize,
        visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<(), LimitExceeded> {
        loop {
            let end = self.bytes_read + *at as u64;
            let limit = LimitExceeded {
                kind: excess.kind,
                limit: self.limits.of(excess.kind),
                offset: end.saturating_sub(excess.bytes as u64),
            };
            if self.on_limit == OnLimit::Fail {
                self.failed = Some(limit);
                return Err(limit);
            }
            if self.skip(chunk, at) && visit(Item::Skipped(limit)).is_break() {
                return Ok(());
            }
            excess = match self.read_blocks(chunk, at, visit) {
                Ok(()) => return Ok(()),
                Err(excess) => excess,
            };
        }
    }

    /// Skips what has just exceeded a limit; returns true the first time in an event. A line that has been read to its
    /// end was stopped in front of that.
    fn skip(&mut self, chunk: &[u8], at: &mut usize) -> bool {
        let news = self.interpreter.skip(self.fields.field());
        if self.fields.at_line_start() {
            *at = after_line_end(chunk, *at);
        }
        self.fields.skip_line();
        news
    }

    /// The layers, up to the end of the chunk.
    fn read_blocks(
        &mut self,
        chunk: &[u8],
        at: &mut usize,
        visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<(), Excess> {
        while *at < chunk.len() {
            if self.read_block(chunk, at, visit)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}
