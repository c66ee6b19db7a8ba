//! Decoding is linear in the length of the stream, however it is cut and whatever it holds: twice
//! the bytes take about twice the time, where quadratic work would take four times.

// The clock is the CPU time of the thread: what else the machine does would count in any other.
#![cfg(unix)]

use std::ops::ControlFlow;
use std::time::Duration;
use wellspring_proto::{Batch, Decoder, Item, Limits, OnLimit};

/// Between the 2 of linear and the 4 of quadratic.
const RATIO: f64 = 3.0;
/// Other work on the machine only ever adds, so the quickest of several rounds counts.
const ROUNDS: usize = 20;

/// How long this thread has been on a CPU.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("CPU time starts at 0")
}

fn events(stream: &[u8], chunk: usize) -> usize {
    events_of(Decoder::new(), stream, chunk)
}

fn events_of(mut decoder: Decoder, stream: &[u8], chunk: usize) -> usize {
    let mut events = 0;
    for chunk in stream.chunks(chunk) {
        let read = decoder.decode(chunk, |item| {
            events += usize::from(matches!(item, Item::Event(_)));
            ControlFlow::Continue(())
        });
        assert_eq!(read, Ok(chunk.len()));
    }
    events
}

fn batched_events(stream: &[u8]) -> usize {
    batched_events_of(Decoder::new(), stream)
}

fn batched_events_of(mut decoder: Decoder, stream: &[u8]) -> usize {
    let mut batch = Batch::new();
    let read = decoder.decode_into(stream, &mut batch);
    assert_eq!(read, Ok(()));
    let mut events = 0;
    while let Some(item) = batch.next_item() {
        events += usize::from(matches!(item, Item::Event(_)));
    }
    events
}

/// `make(n)` gives a stream and how many events are in it.
fn assert_linear(make: impl Fn(usize) -> (Vec<u8>, usize), count: impl Fn(&[u8]) -> usize) {
    let time = |(stream, events): &(Vec<u8>, usize)| {
        let start = cpu_time();
        assert_eq!(count(stream), *events);
        cpu_time() - start
    };
    let (once, twice) = (make(1), make(2));
    assert_eq!(once.0.len() * 2, twice.0.len());
    let mut quickest = [Duration::MAX; 2];
    let mut ratio = f64::INFINITY;
    for round in 1..=ROUNDS {
        quickest[0] = quickest[0].min(time(&once));
        quickest[1] = quickest[1].min(time(&twice));
        ratio = quickest[1].as_secs_f64() / quickest[0].as_secs_f64();
        if round > 2 && ratio < RATIO {
            break;
        }
    }
    assert!(ratio < RATIO, "once and twice took {quickest:?}");
}

/// The block so often that it fills a quarter of a mebibyte `n` times.
fn repeated(block: &[u8], n: usize) -> (Vec<u8>, usize) {
    let times = (1 << 18) / block.len();
    (block.repeat(times * n), times * n)
}

/// One event of `n` times two mebibytes.
fn long_line(n: usize) -> (Vec<u8>, usize) {
    let mut stream = b"data: ".to_vec();
    stream.resize((n << 21) - 2, b'x');
    stream.extend_from_slice(b"\n\n");
    (stream, 1)
}

#[test]
fn long_line_in_small_pieces() {
    assert_linear(long_line, |stream| events(stream, 16));
}

#[test]
fn long_line_byte_by_byte() {
    let line = |n| {
        let (mut stream, events) = long_line(n);
        stream.drain(6..6 + stream.len() - (n << 18));
        (stream, events)
    };
    assert_linear(line, |stream| events(stream, 1));
}

#[test]
fn long_line_in_windows() {
    assert_linear(long_line, |stream| events(stream, 64 * 1024));
}

#[test]
fn many_data_lines_in_one_event() {
    let event = |n| {
        let (mut stream, _) = repeated(b"data: line\n", n);
        stream.pop();
        stream.push(b'\n');
        let end = stream.len();
        stream[end - 11..].copy_from_slice(b"data: end\n\n");
        (stream, 1)
    };
    assert_linear(event, |stream| events(stream, 17));
    assert_linear(event, |stream| events(stream, usize::MAX));
}

#[test]
fn small_events_in_one_chunk() {
    let make = |n| repeated(b"data: 1\n\n", n);
    assert_linear(make, |stream| events(stream, usize::MAX));
    assert_linear(make, batched_events);
}

#[test]
fn events_for_the_layers_in_one_chunk() {
    let make = |n| repeated(b"retry: x\ndata\n\n", n);
    assert_linear(make, |stream| events(stream, usize::MAX));
}

#[test]
fn a_bad_byte_in_each_event() {
    let make = |n| repeated(b"data: \xFF\n\n", n);
    assert_linear(make, |stream| events(stream, usize::MAX));
    assert_linear(make, |stream| events(stream, 17));
}

/// A chunk of bad events that ends in a block without an end, which must be looked for once only.
#[test]
fn bad_bytes_in_front_of_an_unfinished_block() {
    let mut stream = b"data: \xFF\n\n".repeat(2048);
    stream.extend_from_slice(&b"x\n".repeat(16 * 1024));
    // All within one window, so twice as much would not tell.
    let start = cpu_time();
    assert_eq!(events(&stream, usize::MAX), 2048);
    assert!(cpu_time() - start < Duration::from_millis(500));
}

#[test]
fn comments_only() {
    let make = |n| (repeated(b": keep-alive\n\n", n).0, 0);
    for chunk in [17, 1460, usize::MAX] {
        assert_linear(make, |stream| events(stream, chunk));
    }
}

#[test]
fn blank_lines_only() {
    let make = |n| (vec![b'\r'; n << 18], 0);
    for chunk in [1, 17, usize::MAX] {
        assert_linear(make, |stream| events(stream, chunk));
    }
}

/// Each event carries the last event ID, and a batch asks whether it is still the same.
#[test]
fn small_events_after_an_id_of_any_length() {
    let make = |n| {
        let mut stream = b"id: ".to_vec();
        stream.resize(n * 90_000 - 2, b'x');
        stream.extend_from_slice(b"\n\n");
        stream.extend_from_slice(&b"data: 1\n\n".repeat(n * 20_000));
        (stream, n * 20_000)
    };
    let skipping = || Decoder::new().on_limit(OnLimit::Skip);
    assert_linear(make, |stream| batched_events_of(skipping(), stream));
}

#[test]
fn what_is_skipped() {
    let limits = Limits::default().with_line(1000).with_event(5000);
    let skip = || Decoder::with_limits(limits).on_limit(OnLimit::Skip);
    for chunk in [16, 64 * 1024, usize::MAX] {
        let one_long_line = |n| (long_line(n).0, 0);
        assert_linear(one_long_line, |stream| events_of(skip(), stream, chunk));
        let line = [&b"data: "[..], &[b'x'; 1001], b"\n\ndata: a\n\n"].concat();
        assert_linear(
            |n| repeated(&line, n),
            |stream| events_of(skip(), stream, chunk),
        );
    }
    let many_lines = |n| (b"data: line\n".repeat(n << 16), 0);
    assert_linear(many_lines, |stream| events_of(skip(), stream, usize::MAX));
}
