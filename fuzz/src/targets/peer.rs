//! The decoder against one that others wrote. In: a seed for the chunks, then the body. Out: a panic
//! when events, reconnection times, their order or the last event ID at the end differ.
//!
//! Differences that are known and left out, each decided by the HTML Standard 9.2.6:
//! - `retry` beyond 32 bits: the standard has no largest number and we saturate, sse-core ignores it.
//! - Comments, and ids without an event: sse-core does not tell, so they are not compared; the last
//!   event ID at the end is.
//!
//! Next: `encoder.rs`.

use crate::Input;
use crate::trace::visit;
use sse_core::{SseDecoder, SseEvent};
use std::num::NonZeroUsize;
use std::time::Duration;
use wellspring_proto::Decoder;
use wellspring_testkit::{Trace, TraceItem, chunks};

pub(crate) const VECTOR_HEADS: &[&[u8]] = &[&[4]];

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let seed = u64::from(input.byte());
    let body = input.rest();
    let pieces = chunks::random(body, seed);

    let mut ours = Decoder::new();
    let (mut trace, result) = visit(&mut ours, &pieces);
    assert_eq!(result, Ok(()));
    let largest = Duration::from_millis(u32::MAX.into());
    trace.items.retain(|item| match item {
        TraceItem::Retry(time) => *time <= largest,
        TraceItem::Position(_) => false,
        _ => true,
    });

    let mut theirs = SseDecoder::with_limit(NonZeroUsize::MAX);
    assert_eq!(trace, decode(&mut theirs, &pieces), "cut into {pieces:?}");
    let id = theirs.last_event_id().map_or("", |id| id);
    assert_eq!(ours.last_event_id(), id, "cut into {pieces:?}");
}

fn decode(decoder: &mut SseDecoder, pieces: &[&[u8]]) -> Trace {
    let mut trace = Trace::new();
    for piece in pieces {
        let mut rest = *piece;
        while let Some(next) = decoder.next(&mut rest) {
            match next.expect("the limit is out of reach") {
                SseEvent::Retry(milliseconds) => {
                    trace.retry(Duration::from_millis(milliseconds.into()));
                }
                SseEvent::Message(event) => {
                    let id = event.last_event_id.as_deref().unwrap_or("");
                    trace.event(&event.event, &event.data, id);
                }
            }
        }
    }
    trace
}
