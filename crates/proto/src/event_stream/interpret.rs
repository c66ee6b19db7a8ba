//! Fields to events (HTML Standard 9.2.6, "process the field" and "dispatch the event"). In: values
//! of fields, in parts, and the ends of lines. Out: events, comments, reconnection times.
//!
//! # Buffers
//!
//! | the standard's | here | emptied |
//! |---|---|---|
//! | data buffer | `data`, each line with an LF behind it | at the blank line |
//! | event type buffer | `event_type` | at the blank line |
//! | last event ID buffer | `Buffers::last_event_id`, if `HAS_ID` is set | never: it becomes the string |
//! | last event ID string | `Interpreter::last_event_id` | only by an empty `id` |
//!
//! A value may come in parts, as chunks are cut. Data is appended as it comes; other values wait in `value` for the
//! end of their line. UTF-8 is decoded when a value is whole, so a character that is cut by a chunk's end is not
//! damaged.
//!
//! Next: `decoder.rs`.

use super::fields::Field;
use super::{Item, LimitKind, Limits};
use crate::event::EventRef;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// The buffers of the standard, and the last event ID string they are committed to.
#[derive(Debug, Default)]
pub(crate) struct Interpreter {
    buffers: Buffers,
    /// The last event ID string of the event source, as far as this stream has committed it.
    pub(crate) last_event_id: String,
    /// Bytes of the line so far.
    line_length: usize,
    /// Room for text that has to be repaired, or joined out of several lines.
    pub(crate) scratch: String,
}

/// The block has an `id` field, so the buffer differs from the committed string.
const HAS_ID: u8 = 1;
/// A line of the block exceeded a limit, so data and type are left out.
const SKIPPED: u8 = 2;

/// What one block collects.
#[derive(Debug, Default)]
struct Buffers {
    /// Lines of data, each with the LF that joins it to the next.
    data: Vec<u8>,
    /// The value of the last `event` field.
    event_type: String,
    last_event_id: String,
    /// [`HAS_ID`] and [`SKIPPED`], in one number for the sake of the blocks that have neither.
    marks: u8,
    /// The value of a line that is not data, until the line ends.
    value: Vec<u8>,
}

impl Interpreter {
    /// No field of the current block has left a trace.
    #[inline]
    pub(crate) fn at_block_start(&self) -> bool {
        let buffers = &self.buffers;
        buffers.data.is_empty() && buffers.event_type.is_empty() && buffers.marks == 0
    }

    /// A line of data has been read, in part at least.
    pub(crate) fn has_data(&self) -> bool {
        !self.buffers.data.is_empty()
    }

    /// The block will be left out.
    pub(crate) fn is_skipping(&self) -> bool {
        self.buffers.marks & SKIPPED != 0
    }

    /// Takes a part of a value. The error is the limit and by how many bytes it is exceeded.
    #[inline]
    pub(crate) fn append(
        &mut self,
        field: Field,
        part: &[u8],
        limits: &Limits,
    ) -> Result<(), Excess> {
        let buffers = &mut self.buffers;
        match field {
            Field::Unknown => return Ok(()),
            Field::Comment => {
                let room = limits.comment.saturating_sub(buffers.value.len());
                let kept = part.get(..room).unwrap_or(part);
                buffers.value.extend_from_slice(kept);
                return Ok(());
            }
            Field::Id => return self.append_to_id(part, limits),
            Field::Data => buffers.data.extend_from_slice(part),
            Field::Event | Field::Retry => buffers.value.extend_from_slice(part),
        }
        self.line_length += part.len();
        let event_length = self.event_length(field);
        Excess::check(self.line_length, event_length, limits)
    }

    /// An id has a limit of its own and does not count as part of the event.
    fn append_to_id(&mut self, part: &[u8], limits: &Limits) -> Result<(), Excess> {
        self.buffers.value.extend_from_slice(part);
        Excess::check_id(self.buffers.value.len(), limits)
    }

    /// What counts against [`Limits::event`] while a line of `field` is read.
    #[inline]
    fn event_length(&self, field: Field) -> usize {
        let Buffers {
            data,
            event_type,
            value,
            ..
        } = &self.buffers;
        match field {
            Field::Data => data.len() + event_type.len(),
            Field::Event => data.len() + value.len(),
            _ => 0,
        }
    }

    /// The line has ended: process its field.
    #[inline]
    pub(crate) fn end_line(
        &mut self,
        field: Field,
        limits: &Limits,
    ) -> Result<Option<Item<'_>>, Excess> {
        self.line_length = 0;
        match field {
            Field::Data => {
                let event_length = self.event_length(field);
                self.buffers.data.push(b'\n');
                Excess::check(0, event_length, limits)?;
            }
            Field::Event => {
                self.buffers.event_type.clear();
                push_lossy(&mut self.buffers.event_type, &self.buffers.value);
                self.buffers.value.clear();
            }
            Field::Id => self.process_id(),
            Field::Retry => return Ok(self.process_retry().map(Item::Retry)),
            Field::Comment => return Ok(Some(Item::Comment(self.take_comment()))),
            Field::Unknown => {}
        }
        Ok(None)
    }

    /// An id with a NUL is ignored as a whole.
    fn process_id(&mut self) {
        let buffers = &mut self.buffers;
        if memchr::memchr(0, &buffers.value).is_none() {
            buffers.last_event_id.clear();
            push_lossy(&mut buffers.last_event_id, &buffers.value);
            buffers.marks |= HAS_ID;
        }
        buffers.value.clear();
    }

    /// Anything but digits is ignored.
    fn process_retry(&mut self) -> Option<Duration> {
        let time = reconnection_time(&self.buffers.value);
        self.buffers.value.clear();
        time
    }

    /// The text of a comment, repaired if it is not UTF-8 or was cut inside a character.
    fn take_comment(&mut self) -> &str {
        self.scratch.clear();
        push_lossy(&mut self.scratch, &self.buffers.value);
        self.buffers.value.clear();
        &self.scratch
    }

    /// The blank line: commit the last event ID, then dispatch if there is data. The caller ends
    /// the block when it is done with the item.
    #[inline]
    pub(crate) fn dispatch(&mut self) -> Option<Item<'_>> {
        let moved = self.commit_last_event_id();
        let Some((_last_line_feed, data)) = self.buffers.data.split_last() else {
            return moved.then_some(Item::LastEventId(&self.last_event_id));
        };
        let data = if let Ok(data) = simdutf8::basic::from_utf8(data) {
            data
        } else {
            self.scratch.clear();
            repair(&mut self.scratch, data);
            &self.scratch
        };
        let event_type = &self.buffers.event_type;
        Some(Item::Event(EventRef::new(
            event_type,
            data,
            &self.last_event_id,
        )))
    }

    /// Leaves out what has just exceeded a limit, on a line of `field` or, without one, at the end of
    /// a line of data. Returns true the first time this happens in an event. A `retry` goes alone;
    /// anything else takes its event along, whose type, data or position would be wrong without it.
    /// An earlier `id` of a block whose `id` is too long is not the block's, so it does not count.
    #[cold]
    pub(crate) fn skip(&mut self, field: Option<Field>) -> bool {
        self.buffers.value.clear();
        self.line_length = 0;
        if field == Some(Field::Retry) {
            return true;
        }
        if field == Some(Field::Id) {
            self.buffers.marks &= !HAS_ID;
        }
        let news = self.buffers.marks & SKIPPED == 0;
        self.buffers.marks |= SKIPPED;
        self.end_block();
        news
    }

    /// Empties the data buffer and the event type buffer.
    #[inline]
    pub(crate) fn end_block(&mut self) {
        self.buffers.data.clear();
        self.buffers.event_type.clear();
    }

    /// Whether the string is another one now. What is skipped goes first.
    #[inline]
    fn commit_last_event_id(&mut self) -> bool {
        if self.buffers.marks == 0 {
            return false;
        }
        let marks = core::mem::take(&mut self.buffers.marks);
        if marks & SKIPPED != 0 {
            self.end_block();
        }
        if marks & HAS_ID == 0 {
            return false;
        }
        core::mem::swap(&mut self.last_event_id, &mut self.buffers.last_event_id);
        self.last_event_id != self.buffers.last_event_id
    }

    /// A new stream begins: its buffers are empty, its last event ID buffer is the string.
    pub(crate) fn start_stream(&mut self) {
        self.end_block();
        self.buffers.value.clear();
        self.buffers.marks = 0;
        self.line_length = 0;
    }
}

/// A limit, and by how many bytes it is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Excess {
    /// Which limit.
    pub(crate) kind: LimitKind,
    /// How many bytes beyond it have been read.
    pub(crate) bytes: usize,
}

impl Excess {
    /// Compares the lengths of the line and of the event with their limits.
    #[inline]
    fn check(line: usize, event: usize, limits: &Limits) -> Result<(), Self> {
        if line <= limits.line && event <= limits.event {
            return Ok(());
        }
        Err(Self::of(line, event, limits))
    }

    /// The value of an `id` field is a line too, and the limit that is reached first counts.
    fn check_id(length: usize, limits: &Limits) -> Result<(), Self> {
        let (kind, limit) = if limits.line <= limits.id {
            (LimitKind::Line, limits.line)
        } else {
            (LimitKind::Id, limits.id)
        };
        match length.saturating_sub(limit) {
            0 => Ok(()),
            bytes => Err(Self { kind, bytes }),
        }
    }

    /// Of two exceeded limits the one that was exceeded earlier in the stream.
    #[cold]
    fn of(line: usize, event: usize, limits: &Limits) -> Self {
        let line = line.saturating_sub(limits.line);
        let event = event.saturating_sub(limits.event);
        let (kind, bytes) = if line >= event {
            (LimitKind::Line, line)
        } else {
            (LimitKind::Event, event)
        };
        Self { kind, bytes }
    }
}

/// UTF-8 decode.
fn push_lossy(text: &mut String, bytes: &[u8]) {
    if let Ok(valid) = simdutf8::basic::from_utf8(bytes) {
        text.push_str(valid);
    } else {
        repair(text, bytes);
    }
}

/// U+FFFD for each maximal ill-formed subpart.
#[cold]
fn repair(text: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// ASCII digits only, at least one; a number too large saturates.
fn reconnection_time(value: &[u8]) -> Option<Duration> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let milliseconds = value.iter().fold(0_u64, |sum, digit| {
        sum.saturating_mul(10)
            .saturating_add(u64::from(digit - b'0'))
    });
    Some(Duration::from_millis(milliseconds))
}
