//! From items to traces. In: a decoder and a body in pieces. Out: the trace of what it found.
//!
//! Next: `../oracle.rs`, `../skipping.rs`.

use std::ops::ControlFlow;
use wellspring_proto::{Decoder, Item};
use wellspring_testkit::Trace;

pub(crate) fn decode(mut decoder: Decoder, pieces: &[&[u8]]) -> Trace {
    let mut trace = Trace::new();
    for piece in pieces {
        let read = decoder.decode(piece, |item| {
            record(&mut trace, item);
            ControlFlow::Continue(())
        });
        assert_eq!(read, Ok(piece.len()));
    }
    trace
}

pub(crate) fn record(trace: &mut Trace, item: Item<'_>) {
    match item {
        Item::Event(e) => trace.event(e.event_type, e.data, e.last_event_id),
        Item::Comment(text) => trace.comment(text),
        Item::Retry(time) => trace.retry(time),
        Item::LastEventId(id) => trace.position(id),
        Item::Skipped(limit) => trace.skipped(&limit.kind.to_string(), limit.offset),
        _ => unreachable!(),
    }
}
