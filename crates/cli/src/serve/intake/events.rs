//! An event stream. In: chunks. Out: a block for each event. A reconnection time goes with the event behind
//! it: there are clients that take a block of its own for an event, and forget the last event ID at it.
//!
//! Next: back to `intake.rs`.

use std::ops::ControlFlow;
use std::time::Duration;

use wellspring_proto::{Decoder, Item, Limits};
use wellspring_server::{Block, EventRef};

use super::unusable::Unusable;

/// Decodes; an event over the limit is skipped up to the blank line that ends it.
#[derive(Debug)]
pub(super) struct Events {
    decoder: Decoder,
    /// Of the event that is being read.
    number: u64,
    /// The last event ID of the event before.
    id_before: String,
    /// A reconnection time that no event has gone with yet.
    retry: Option<Duration>,
    skipping: Option<Skipping>,
}

impl Events {
    pub(super) fn new(limit: usize) -> Self {
        let limits = Limits::default().with_line(limit).with_event(limit);
        Self {
            decoder: Decoder::with_limits(limits),
            number: 1,
            id_before: String::new(),
            retry: None,
            skipping: None,
        }
    }

    pub(super) fn read(
        &mut self,
        mut chunk: &[u8],
        mut take: impl FnMut(u64, Result<Block<'_>, Unusable>),
    ) {
        while !chunk.is_empty() {
            if let Some(skipping) = &mut self.skipping {
                let Some(length) = skipping.length_in(chunk) else {
                    return;
                };
                chunk = &chunk[length..];
                self.skipping = None;
                self.decoder.start_stream();
            }
            let Some((exceeded_at, limit)) = self.decode(chunk, &mut take) else {
                return;
            };
            take(self.number, Err(Unusable::TooLong { limit }));
            self.number += 1;
            self.skipping = Some(Skipping::default());
            chunk = &chunk[exceeded_at.min(chunk.len())..];
        }
    }

    /// Hands over a reconnection time that no event came behind. What is incomplete is discarded (HTML
    /// Standard 9.2.6).
    pub(super) fn end(&mut self, mut take: impl FnMut(u64, Result<Block<'_>, Unusable>)) {
        if let Some(time) = self.retry.take() {
            take(self.number, Ok(Block::empty().retry(time)));
        }
    }

    /// Where in the chunk a limit was exceeded, if one was, and which.
    fn decode(
        &mut self,
        chunk: &[u8],
        take: &mut impl FnMut(u64, Result<Block<'_>, Unusable>),
    ) -> Option<(usize, usize)> {
        let (number, id_before) = (&mut self.number, &mut self.id_before);
        let retry = &mut self.retry;
        let begin = self.decoder.bytes_read();
        let decoded = self.decoder.decode(chunk, |item| {
            match item {
                Item::Event(event) => {
                    let block = block(event, id_before).map(|block| match retry.take() {
                        Some(time) => block.retry(time),
                        None => block,
                    });
                    take(*number, block);
                    *number += 1;
                    id_before.clear();
                    id_before.push_str(event.last_event_id);
                }
                Item::Retry(time) => *retry = Some(time),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        let exceeded = decoded.err()?;
        let at = usize::try_from(exceeded.offset.saturating_sub(begin)).ok()?;
        Some((at, exceeded.limit))
    }
}

/// The id is left to the channel unless the event brought one itself: with the id of the event before,
/// a client could not resume between the two.
fn block<'a>(event: EventRef<'a>, id_before: &str) -> Result<Block<'a>, Unusable> {
    let block = Block::data(event.data).event_type(event.event_type)?;
    if event.last_event_id.is_empty() || event.last_event_id == id_before {
        return Ok(block);
    }
    Ok(block.id(event.last_event_id)?)
}

/// Looks for the blank line after an event, beginning within a line.
#[derive(Debug, Default)]
struct Skipping {
    /// The line that is being read has nothing in it yet.
    blank: bool,
    after_cr: bool,
}

impl Skipping {
    /// How much of the chunk belongs to the event, if it ends in there.
    fn length_in(&mut self, chunk: &[u8]) -> Option<usize> {
        for (index, byte) in chunk.iter().enumerate() {
            match byte {
                b'\n' if self.after_cr => self.after_cr = false,
                b'\n' | b'\r' if self.blank => return Some(index + 1),
                b'\n' | b'\r' => {
                    self.blank = true;
                    self.after_cr = *byte == b'\r';
                }
                _ => *self = Self::default(),
            }
        }
        None
    }
}
