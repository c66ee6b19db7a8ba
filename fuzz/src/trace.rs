//! Decoders to traces. In: a decoder of ours and pieces of a body. Out: the trace of what it visited.
//!
//! Next: `targets/decoder.rs`.

use std::ops::ControlFlow;
use wellspring_proto::{Batch, Decoder, Item, LimitExceeded};
use wellspring_testkit::Trace;

/// Adds what the decoder handed out.
pub(crate) fn push(trace: &mut Trace, item: Item<'_>) {
    match item {
        Item::Event(e) => trace.event(e.event_type, e.data, e.last_event_id),
        Item::Comment(text) => trace.comment(text),
        Item::Retry(time) => trace.retry(time),
        Item::LastEventId(id) => trace.position(id),
        _ => unreachable!("the trace has no such item"),
    }
}

/// Visits every piece as a whole.
pub(crate) fn visit(decoder: &mut Decoder, pieces: &[&[u8]]) -> (Trace, Result<(), LimitExceeded>) {
    let mut trace = Trace::new();
    for piece in pieces {
        let read = decoder.decode(piece, |item| {
            push(&mut trace, item);
            ControlFlow::Continue(())
        });
        match read {
            Ok(read) => assert_eq!(read, piece.len(), "a visitor that never breaks gets it all"),
            Err(error) => return (trace, Err(error)),
        }
    }
    (trace, Ok(()))
}

/// Breaks at every item and hands the rest of the piece in again.
pub(crate) fn visit_breaking(decoder: &mut Decoder, pieces: &[&[u8]]) -> Trace {
    let mut trace = Trace::new();
    for piece in pieces {
        let mut rest = *piece;
        loop {
            let before = trace.items.len();
            let read = decoder.decode(rest, |item| {
                push(&mut trace, item);
                ControlFlow::Break(())
            });
            let read = read.expect("the limits are out of reach");
            let visited = trace.items.len() - before;
            assert!(visited <= 1, "a visitor that broke was called again");
            rest = &rest[read..];
            if visited == 0 {
                assert!(rest.is_empty(), "stopped without an item");
                break;
            }
        }
    }
    trace
}

/// Fills a batch with every piece and empties it before the next, or only now and then.
pub(crate) fn batch(decoder: &mut Decoder, pieces: &[&[u8]], hoard: bool) -> Trace {
    let mut trace = Trace::new();
    let mut batch = Batch::new();
    for (index, piece) in pieces.iter().enumerate() {
        let filled = decoder.decode_into(piece, &mut batch);
        filled.expect("the limits are out of reach");
        if hoard && index % 3 != 0 {
            // Takes one and leaves the others for the next piece to be put behind.
            if let Some(item) = batch.next_item() {
                push(&mut trace, item);
            }
            continue;
        }
        drain(&mut batch, &mut trace);
    }
    drain(&mut batch, &mut trace);
    trace
}

fn drain(batch: &mut Batch, trace: &mut Trace) {
    let mut left = batch.len();
    while let Some(item) = batch.next_item() {
        push(trace, item);
        left -= 1;
        assert_eq!(batch.len(), left);
    }
    assert_eq!(left, 0);
    assert!(batch.is_empty() && batch.peek().is_none());
}
