use crate::event_stream::{Decoder, Item, Limits, OnLimit};
use core::ops::ControlFlow;
use std::string::ToString;
use std::vec::Vec;
use wellspring_testkit::{Trace, chunks, oracle, vectors};

fn read(decoder: &mut Decoder, chunk: &[u8]) -> Trace {
    let mut trace = Trace::new();
    let read = decoder.decode(chunk, |item| note(&mut trace, item));
    assert_eq!(read, Ok(chunk.len()));
    trace
}

fn note(trace: &mut Trace, item: Item<'_>) -> ControlFlow<()> {
    if let Item::Event(event) = item {
        trace.event(event.event_type, event.data, event.last_event_id);
    }
    ControlFlow::Continue(())
}

/// The events of the naive decoder, one a line.
fn events(body: &[u8]) -> Vec<std::string::String> {
    let trace = oracle::decode(body).to_string();
    let events = trace.lines().filter(|line| line.starts_with("event "));
    events.map(ToString::to_string).collect()
}

/// A body that ended inside an event has one event more with a blank line behind it. Every vector is
/// cut at every byte.
#[test]
fn the_naive_decoder_agrees_on_what_is_pending() {
    let mut pending = 0;
    for vector in vectors::all() {
        for (body, _) in chunks::splits(vector.input) {
            let (first, second) = body.split_at(body.len() / 2);
            let mut decoder = Decoder::new();
            read(&mut decoder, first);
            read(&mut decoder, second);
            let whole = events(&[body, b"\n\n"].concat());
            let expected = &whole[events(body).len()..];
            let position = decoder.bytes_read();
            let mut trace = Trace::new();
            assert_eq!(decoder.has_pending_data(), !expected.is_empty(), "{body:?}");
            decoder
                .dispatch_pending(|item| note(&mut trace, item))
                .unwrap();
            assert_eq!(trace.to_string().lines().collect::<Vec<_>>(), expected);
            assert!(!decoder.has_pending_data());
            assert_eq!(decoder.bytes_read(), position);
            pending += expected.len();
        }
    }
    assert!(pending > 100, "{pending}");
}

#[test]
fn only_data_is_pending() {
    for body in [
        &b"event: a\nid: 1\nretry: 5\n:c\nx: y\n"[..],
        b"dat",
        b"database",
        b"data: a\n\n",
    ] {
        let mut decoder = Decoder::new();
        read(&mut decoder, body);
        assert!(!decoder.has_pending_data(), "{body:?}");
    }
    for body in [
        &b"data"[..],
        b"data:",
        b"data\n",
        b"data: a\r",
        b"data: a\n: c",
        b"id: 1\ndata: a",
    ] {
        let mut decoder = Decoder::new();
        read(&mut decoder, body);
        assert!(decoder.has_pending_data(), "{body:?}");
        decoder.start_stream();
        assert!(!decoder.has_pending_data());
    }
}

#[test]
fn what_is_skipped_is_not_pending() {
    let limits = Limits::default().with_line(4);
    let mut decoder = Decoder::with_limits(limits).on_limit(OnLimit::Skip);
    read(&mut decoder, b"data: too long\ndata: a\n");
    assert!(!decoder.has_pending_data());
    read(&mut decoder, b"\ndata: a\n");
    assert!(decoder.has_pending_data());
}
