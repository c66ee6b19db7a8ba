//! The decoder against the naive oracle, on generated streams in random chunkings: 100,000 of them,
//! or as many as `WELLSPRING_STREAMS` says.

use std::ops::ControlFlow;
use wellspring_proto::{Decoder, Item, Limits};
use wellspring_testkit::{Trace, chunks, generate, oracle};

const STREAMS: u64 = 100_000;

fn decode(mut decoder: Decoder, pieces: &[&[u8]]) -> Trace {
    let mut trace = Trace::new();
    for piece in pieces {
        let read = decoder.decode(piece, |item| {
            match item {
                Item::Event(e) => trace.event(e.event_type, e.data, e.last_event_id),
                Item::Comment(text) => trace.comment(text),
                Item::Retry(time) => trace.retry(time),
                Item::Position(id) => trace.position(id),
                _ => unreachable!(),
            }
            ControlFlow::Continue(())
        });
        assert_eq!(read, Ok(piece.len()));
    }
    trace
}

/// Keeps whole comments, as the oracle does.
fn with_comments() -> Decoder {
    Decoder::with_limits(Limits::default().with_comment(1 << 20)).comments(true)
}

fn streams() -> u64 {
    let wanted = std::env::var("WELLSPRING_STREAMS").ok();
    wanted.map_or(STREAMS, |n| {
        n.parse().expect("WELLSPRING_STREAMS is a number")
    })
}

#[test]
fn oracle_agrees() {
    let streams = streams();
    let mut dispatching = 0;
    for seed in 0..streams {
        let body = generate::stream(seed);
        let expected = oracle::decode(&body);
        dispatching += u64::from(expected.event_count() > 0);

        let whole = decode(Decoder::new(), &[&body]);
        assert_eq!(whole, expected.without_comments(), "seed {seed}, whole");
        let pieces = chunks::random(&body, seed);
        let cut = decode(with_comments(), &pieces);
        assert_eq!(cut, expected, "seed {seed}, cut");
    }
    assert!(dispatching * 2 >= streams, "{dispatching} of {streams}");
    println!("{streams} streams, {dispatching} with events: decoder and oracle agree");
}
