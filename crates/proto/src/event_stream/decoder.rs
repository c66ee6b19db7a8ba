//! The layers composed. In: a body in chunks of any size. Out: its items, lent to a visitor or
//! filled into a [`Batch`].
//!
//! # Two ways through
//!
//! | | fast path | layers |
//! |---|---|---|
//! | files | `window.rs`, `blocks.rs` | `lines.rs`, `fields.rs`, `interpret.rs` |
//! | takes | whole blocks of a chunk, valid UTF-8, within the limits | everything |
//! | copies | ids and joined lines | every value |
//! | used for | nearly all of a usual stream | blocks that a chunk cuts, `retry`, chunks under 64 bytes |
//!
//! Both give the same items; the tests compare them on every split of every vector. A chunk is read by turns: the
//! fast path as far as it goes, the layers for one block, and again.
//!
//! Next: `sink.rs`, where items go; `window.rs` and `blocks.rs`, the fast path;
//! `decoder/settings.rs`, `decoder/exceeding.rs`, `decoder/pending.rs`; then `event_source/machine.rs`.

mod exceeding;
mod pending;
mod settings;

use super::blocks::{Context, read_blocks, skip_idle_lines};
use super::fields::{Field, Fields};
use super::interpret::{Excess, Interpreter};
use super::lines::{Lines, Piece, find_line_end};
use super::sink::{Sink, Visitor};
use super::window::Window;
use super::{Batch, Item, LimitExceeded, Limits, OnLimit};
use core::ops::ControlFlow;

const BOM: &[u8; 3] = b"\xEF\xBB\xBF";
/// Below this the layers are faster than validating the chunk as a whole.
const SMALL: usize = 64;

/// Decodes a `text/event-stream` body (HTML Standard 9.2.5 and 9.2.6).
///
/// Every byte string is an event stream: bytes that are not UTF-8 become U+FFFD, what means nothing
/// is skipped, an unfinished block at the end is never dispatched. How the body is cut into chunks
/// makes no difference. The only errors are the named [`Limits`]; after one the decoder answers
/// every call with the same error, until [`start_stream`](Self::start_stream). A decoder that
/// [skips](OnLimit::Skip) what exceeds them has none.
///
/// ```
/// use core::ops::ControlFlow;
/// use wellspring_proto::{Decoder, Item};
///
/// let mut decoder = Decoder::new();
/// let mut seen = Vec::new();
/// for chunk in [&b"event: notice\nda"[..], b"ta: hello\r", b"\n\r\ndata: cut off"] {
///     decoder.decode(chunk, |item| {
///         if let Item::Event(event) = item {
///             seen.push(format!("{}: {}", event.event_type, event.data));
///         }
///         ControlFlow::Continue(())
///     })?;
/// }
/// assert_eq!(seen, ["notice: hello"]);
/// # Ok::<(), wellspring_proto::LimitExceeded>(())
/// ```
///
/// # Memory
///
/// Between calls it holds the unfinished block and the last event ID: at most the sum of [`Limits::event`], [`Limits::line`]
/// and [`Limits::id`], and as much again while an event is repaired or joined. Buffers keep the room they
/// have grown to. Chunks are not kept.
///
/// # One decoder for many bodies
///
/// After a reconnection call [`start_stream`](Self::start_stream): it discards an unfinished block and keeps the
/// last event ID, as the standard has it. A [`Machine`](crate::Machine) does so by itself.
#[derive(Debug)]
pub struct Decoder {
    /// The first layer: where lines end.
    lines: Lines,
    /// The second: whose value it is.
    fields: Fields,
    /// The third: the buffers of the standard.
    interpreter: Interpreter,
    limits: Limits,
    on_limit: OnLimit,
    /// Whether comments are items.
    comments: bool,
    /// How many bytes of a BOM have been seen; `None` once the start of the stream is behind.
    bom: Option<usize>,
    /// Since the start of the stream.
    bytes_read: u64,
    /// The error that every call answers from now on.
    failed: Option<LimitExceeded>,
}

impl Decoder {
    /// Decodes a chunk; `visit` is lent each item as it is completed. Returns how many bytes were
    /// read: all of them, unless `visit` broke, and then up to the end of the item's line.
    ///
    /// A visitor that breaks at every item has the rest of the chunk validated again for each of
    /// them; use [`decode_into`](Self::decode_into) to take items one by one.
    ///
    /// # Errors
    /// The first of the [`Limits`] that the stream exceeds. Items before it have been visited.
    #[inline]
    pub fn decode(
        &mut self,
        chunk: &[u8],
        visit: impl FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<usize, LimitExceeded> {
        self.decode_to(chunk, &mut Visitor(visit))
    }

    /// Decodes a chunk into any sink, as [`decode`](Self::decode) does.
    #[inline]
    pub(crate) fn decode_to(
        &mut self,
        chunk: &[u8],
        sink: &mut impl Sink,
    ) -> Result<usize, LimitExceeded> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut at = 0;
        let start = self.bytes_read;
        let result = self.decode_chunk(chunk, &mut at, sink);
        self.bytes_read = start + at as u64;
        if let Err(excess) = result {
            self.bytes_read = start;
            let result = self.exceed(excess, chunk, &mut at, &mut |item| sink.take(item));
            self.bytes_read = start + at as u64;
            result?;
        }
        Ok(at)
    }

    /// Decodes a whole chunk into `batch`, behind what it holds already.
    ///
    /// # Errors
    /// The first of the [`Limits`] that the stream exceeds. Items before it are in the batch.
    #[inline]
    pub fn decode_into(&mut self, chunk: &[u8], batch: &mut Batch) -> Result<(), LimitExceeded> {
        self.decode_to(chunk, &mut batch.filler()).map(drop)
    }

    /// Returns the last event ID string: committed by the last blank line that followed an `id` field.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.interpreter.last_event_id
    }

    /// Sets the last event ID string, for a program that resumes where an earlier one stopped.
    ///
    /// ```
    /// use wellspring_proto::{Batch, Decoder};
    ///
    /// let mut decoder = Decoder::new();
    /// decoder.set_last_event_id("41");
    /// decoder.decode_into(b"data: no id of its own\n\n", &mut Batch::new())?;
    /// assert_eq!(decoder.last_event_id(), "41");
    /// # Ok::<(), wellspring_proto::LimitExceeded>(())
    /// ```
    pub fn set_last_event_id(&mut self, id: &str) {
        self.interpreter.last_event_id.clear();
        self.interpreter.last_event_id.push_str(id);
    }

    /// Returns how many bytes were read since the start of the stream.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Begins another body: an unfinished block is discarded, a BOM may come again, the count of bytes starts at 0,
    /// an earlier error is forgotten. The last event ID stays.
    ///
    /// ```
    /// use core::ops::ControlFlow;
    /// use wellspring_proto::{Decoder, Item};
    ///
    /// let mut decoder = Decoder::new();
    /// decoder.decode(b"data: cut o", |_| ControlFlow::Continue(()))?;
    /// decoder.start_stream();
    /// decoder.decode(b"data: whole\n\n", |item| {
    ///     assert!(matches!(item, Item::Event(event) if event.data == "whole"));
    ///     ControlFlow::Continue(())
    /// })?;
    /// # Ok::<(), wellspring_proto::LimitExceeded>(())
    /// ```
    pub fn start_stream(&mut self) {
        self.lines = Lines::default();
        self.fields = Fields::default();
        self.interpreter.start_stream();
        self.bom = Some(0);
        self.bytes_read = 0;
        self.failed = None;
    }

    /// Reads a chunk by turns: fast path, then layers. `at` says how far, also after an error.
    #[inline]
    fn decode_chunk(
        &mut self,
        chunk: &[u8],
        at: &mut usize,
        sink: &mut impl Sink,
    ) -> Result<(), Excess> {
        if self.bom.is_some() {
            self.skip_bom(chunk, at)?;
        }
        if self.fields.in_comment() && !self.comments {
            self.skip_comment(chunk, at);
        }
        if chunk.len() < SMALL && self.fields.in_value() && find_line_end(chunk).is_none() {
            *at = chunk.len();
            return self.read_bytes(chunk);
        }
        let mut window = Window::new(chunk, &self.limits);
        while *at < chunk.len() {
            if self.at_block_start() {
                self.skip_idle_lines(chunk, at);
                if chunk.len() - *at >= SMALL && self.read_window(&mut window, at, sink).is_break()
                {
                    return Ok(());
                }
            }
            if self
                .read_block(chunk, at, &mut |item| sink.take(item))?
                .is_break()
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether the fast path may begin here.
    #[inline]
    fn at_block_start(&self) -> bool {
        self.fields.at_line_start() && self.interpreter.at_block_start()
    }

    /// The rest of a comment that an earlier chunk began.
    #[inline]
    fn skip_comment(&mut self, chunk: &[u8], at: &mut usize) {
        let Some(length) = find_line_end(&chunk[*at..]) else {
            *at = chunk.len();
            return;
        };
        self.fields.end_line();
        *at += length + 1;
        self.note_line_end(&chunk[..*at]);
    }

    /// Comments and blank lines in front of a block, also a comment that is cut off.
    #[inline]
    fn skip_idle_lines(&mut self, chunk: &[u8], at: &mut usize) {
        *at += self.lines.skip_line_feed(chunk, *at);
        let start = *at;
        *at = skip_idle_lines(chunk, start, self.comments);
        self.note_line_end(&chunk[start..*at]);
        if !self.comments && chunk.get(*at) == Some(&b':') {
            self.fields.begin_comment();
            *at = chunk.len();
        }
    }

    /// What has just been read besides the layers may have ended in a CR.
    #[inline]
    fn note_line_end(&mut self, read: &[u8]) {
        if let Some(&last) = read.last() {
            self.lines.set_after_cr(last == b'\r');
        }
    }

    /// The fast path, as far as it goes.
    #[inline]
    fn read_window(
        &mut self,
        window: &mut Window<'_>,
        at: &mut usize,
        sink: &mut impl Sink,
    ) -> ControlFlow<()> {
        let Some(text) = window.text_from(*at) else {
            return ControlFlow::Continue(());
        };
        sink.borrow_from(text);
        let mut context = Context {
            last_event_id: &mut self.interpreter.last_event_id,
            scratch: &mut self.interpreter.scratch,
            longest_id: self.limits.id,
            comments: self.comments,
        };
        let (read, flow) = read_blocks(text, &mut context, sink);
        *at += read;
        self.note_line_end(&text.as_bytes()[..read]);
        flow
    }

    /// The layers, up to the end of one block or of the chunk.
    #[inline(never)]
    fn read_block(
        &mut self,
        chunk: &[u8],
        at: &mut usize,
        visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Excess> {
        while let Some(piece) = self.lines.next_piece(chunk, at) {
            if piece.bytes.is_empty() && self.fields.at_line_start() {
                let item = self.interpreter.dispatch();
                let flow = item.map_or(ControlFlow::Continue(()), &mut *visit);
                self.interpreter.end_block();
                return Ok(flow);
            }
            let flow = self.read_piece(&piece, visit);
            if flow.is_err() {
                *at = piece.end;
            }
            if flow?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// One piece of a line, through the second and third layer.
    #[inline]
    fn read_piece(
        &mut self,
        piece: &Piece<'_>,
        visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Excess> {
        self.read_bytes(piece.bytes)?;
        if piece.ended {
            self.end_line(visit)
        } else {
            Ok(ControlFlow::Continue(()))
        }
    }

    /// Bytes of a line that may go on.
    #[inline(always)]
    fn read_bytes(&mut self, bytes: &[u8]) -> Result<(), Excess> {
        let Some((field, part)) = self.fields.push(bytes) else {
            return Ok(());
        };
        if field == Field::Comment && !self.comments {
            return Ok(());
        }
        self.interpreter.append(field, part, &self.limits)
    }

    /// The end of a line: its field is processed, and may be an item.
    #[inline]
    fn end_line(
        &mut self,
        visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Excess> {
        let field = self.fields.end_line();
        if field == Field::Comment && !self.comments {
            return Ok(ControlFlow::Continue(()));
        }
        let item = self.interpreter.end_line(field, &self.limits)?;
        Ok(item.map_or(ControlFlow::Continue(()), visit))
    }

    /// UTF-8 decode strips one BOM at the very start. What only began like one is a line's start.
    #[cold]
    fn skip_bom(&mut self, chunk: &[u8], at: &mut usize) -> Result<(), Excess> {
        while let Some(seen) = self.bom {
            let Some(byte) = chunk.get(*at) else {
                return Ok(());
            };
            if *byte != BOM[seen] {
                self.bom = None;
                return self.read_bytes(&BOM[..seen]);
            }
            *at += 1;
            self.bom = (seen + 1 < BOM.len()).then_some(seen + 1);
        }
        Ok(())
    }
}
