//! Short chunks, for which the set-up of a whole one would cost more than their bytes. In: a chunk in the middle of a
//! line, or of comments alone. Out: whether it was read.
//!
//! Next: `carrying.rs`.

use super::Decoder;
use crate::event_stream::fields::Field;
use crate::event_stream::masks::{BLOCK, of_short};
use crate::event_stream::short::Ends;

impl Decoder {
    /// Reads the chunk when that is little work: no line ends in it, or all it holds is comments that are not asked for.
    #[inline]
    pub(super) fn read_short(&mut self, chunk: &[u8]) -> bool {
        if chunk.len() >= BLOCK || self.bom.is_some() || self.failed.is_some() {
            return false;
        }
        if !self.carry.is_empty() {
            let fits = self.carry.has_room(chunk.len()) && Ends::of(chunk).any() == 0;
            if fits {
                self.carry.push_short(chunk);
            }
            return fits;
        }
        match self.fields.field() {
            Some(Field::Comment) if !self.comments => self.read_idle(chunk, 0),
            None if self.at_block_start() => {
                matches!(chunk.first(), Some(b':' | b'\n' | b'\r'))
                    && !self.comments
                    && self.read_idle(chunk, 1)
            }
            Some(field) if self.fields.in_value() => {
                Ends::of(chunk).any() == 0
                    && self.interpreter.append_short(field, chunk, &self.limits)
            }
            _ => false,
        }
    }

    /// Comments and blank lines; `line_start` is 1 at the start of a line, and 0 in a comment.
    #[inline]
    fn read_idle(&mut self, chunk: &[u8], line_start: u64) -> bool {
        let Some(last) = chunk.last() else {
            return true;
        };
        let ends = Ends::of(chunk).any();
        let idle = ends | of_short(chunk, b':');
        // A bit behind the chunk says nothing.
        let starts = (ends << 1 | line_start) & !(u64::MAX << chunk.len());
        if starts & !idle != 0 {
            return false;
        }
        match last {
            b'\n' | b'\r' => self.fields.end_comment(),
            _ => self.fields.begin_comment(),
        }
        self.lines.set_after_cr(*last == b'\r');
        true
    }
}
