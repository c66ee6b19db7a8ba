//! The decoder alone, for a stream that JavaScript reads itself. In: chunks of an event stream. Out:
//! batches of the same shape as a source's.
//!
//! Next: `lib/stream.js`.

use napi::Error;
use napi::bindgen_prelude::{BufferSlice, Result};
use napi_derive::napi;
use wellspring_proto::{Decoder, Item};

use std::ops::ControlFlow;

use crate::crossing::{Crossing, Known};
use crate::exchange::{Taken, take};

/// A decoder of one event stream.
#[napi]
#[derive(Debug)]
pub struct NativeDecoder {
    decoder: Decoder,
    known: Known,
    crossing: Crossing,
}

#[napi]
impl NativeDecoder {
    /// A decoder at the beginning of a stream.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self {
            decoder: Decoder::new(),
            known: Known::new(""),
            crossing: Crossing::default(),
        }
    }

    /// Decodes a chunk; `take` then has what it held.
    #[napi]
    pub fn decode(&mut self, chunk: &[u8]) -> Result<()> {
        let Self {
            decoder,
            known,
            crossing,
        } = self;
        let visit = |item: Item<'_>| {
            match item {
                Item::Event(event) => known.push_message(event, crossing),
                Item::Retry(time) => crossing.push_reconnection_time(time),
                Item::LastEventId(id) => known.push_position(id, crossing),
                _ => {}
            }
            ControlFlow::Continue(())
        };
        match decoder.decode(chunk, visit) {
            Ok(_) => Ok(()),
            Err(limit) => Err(Error::from_reason(limit.to_string())),
        }
    }

    /// Copies what was decoded into `text` and `words`; `null` when there is nothing.
    #[napi]
    pub fn take(&mut self, mut text: BufferSlice<'_>, mut words: BufferSlice<'_>) -> Option<Taken> {
        if self.crossing.is_empty() {
            return None;
        }
        Some(take(&mut self.crossing, &mut text, &mut words))
    }

    /// Forgets the event that is not complete; the last event ID stays.
    #[napi]
    pub fn reset(&mut self) {
        self.decoder.start_stream();
    }
}
