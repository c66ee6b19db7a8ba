//! The decoder against the naive oracle, on generated streams in random chunkings: 100,000 of them,
//! or as many as `WELLSPRING_STREAMS` says.

mod support;

use std::panic::resume_unwind;
use std::thread;
use support::{decode, record};
use wellspring_proto::{Batch, Decoder, Limits};
use wellspring_testkit::{Trace, chunks, generate, oracle};

const STREAMS: u64 = 100_000;

/// Takes a few items now and then, so that a batch is filled empty, half full and with places that
/// point into the texts of several chunks.
fn decode_in_batches(mut decoder: Decoder, pieces: &[&[u8]]) -> Trace {
    let mut trace = Trace::new();
    let mut batch = Batch::new();
    for (number, piece) in pieces.iter().enumerate() {
        decoder.decode_into(piece, &mut batch).expect("no limit");
        let taken = if number % 4 == 3 {
            batch.len()
        } else {
            number % 4
        };
        for _ in 0..taken {
            let Some(item) = batch.next_item() else { break };
            record(&mut trace, item);
        }
    }
    while let Some(item) = batch.next_item() {
        record(&mut trace, item);
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
    let threads = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let dispatching: u64 = thread::scope(|scope| {
        let agree = |thread| {
            scope.spawn(move || {
                let seeds = (thread..streams).step_by(threads as usize);
                seeds.map(agrees).filter(|dispatches| *dispatches).count() as u64
            })
        };
        let shares: Vec<_> = (0..threads).map(agree).collect();
        let counts = shares.into_iter().map(thread::ScopedJoinHandle::join);
        counts
            .map(|count| count.unwrap_or_else(|panic| resume_unwind(panic)))
            .sum()
    });
    assert!(dispatching * 2 >= streams, "{dispatching} of {streams}");
    println!("figures: {streams} streams, {dispatching} with events, 0 different");
}

/// Whether the stream has events.
fn agrees(seed: u64) -> bool {
    let body = generate::stream(seed);
    let expected = oracle::decode(&body);
    let plain = expected.without_comments();
    let whole = decode(Decoder::new(), &[&body]);
    assert_eq!(whole, plain, "seed {seed}, whole");
    let pieces = chunks::random(&body, seed);
    let cut = decode(with_comments(), &pieces);
    assert_eq!(cut, expected, "seed {seed}, cut");
    let batched = decode_in_batches(with_comments(), &pieces);
    assert_eq!(batched, expected, "seed {seed}, in batches");
    let batched = decode_in_batches(Decoder::new(), &[&body]);
    assert_eq!(batched, plain, "seed {seed}, in a batch");
    expected.event_count() > 0
}
