//! A decoder that skips what exceeds its limits, against a naive one with limits: generated streams,
//! whole and in random chunkings, under limits so small that most streams exceed them.

mod support;

use std::ops::ControlFlow;
use support::{decode, record};
use wellspring_proto::{Batch, Decoder, Item, Limits, OnLimit};
use wellspring_testkit::{Trace, TraceItem, chunks, generate, oracle};

fn decoder(line: usize, event: usize, id: usize) -> Decoder {
    let limits = Limits::default().with_comment(1 << 20);
    Decoder::with_limits(limits.with_line(line).with_event(event).with_id(id))
        .on_limit(OnLimit::Skip)
}

/// A visitor that breaks at every item, and a batch behind it.
fn decode_item_by_item(mut decoder: Decoder, body: &[u8]) -> Trace {
    let mut batch = Batch::new();
    let mut rest = body;
    while !rest.is_empty() {
        let read = decoder.decode(rest, |item| {
            batch.push(item);
            ControlFlow::Break(())
        });
        rest = &rest[read.expect("what is skipped is no error")..];
    }
    let mut trace = Trace::new();
    while let Some(item) = batch.next_item() {
        record(&mut trace, item);
    }
    trace
}

#[test]
fn skipping_agrees_with_the_naive_decoder() {
    let wanted = std::env::var("WELLSPRING_STREAMS").ok();
    let streams = wanted.map_or(20_000, |count| count.parse().expect("a number"));
    let mut skipping = 0;
    for seed in 0..streams {
        let body = generate::stream(seed);
        let (line, event) = ((seed % 23) as usize, (seed % 41) as usize);
        let id = (seed % 7) as usize;
        let expected = oracle::skipping::decode(&body, line, event, id);
        let skipped = |item: &TraceItem| matches!(item, TraceItem::Skipped { .. });
        skipping += u64::from(expected.items.iter().any(skipped));
        let case = format!("seed {seed}, line {line}, event {event}, id {id}");

        let whole = decode(decoder(line, event, id), &[&body]);
        assert_eq!(whole, expected.without_comments(), "{case}, whole");
        let cut = decode(
            decoder(line, event, id).comments(true),
            &chunks::random(&body, seed),
        );
        assert_eq!(cut, expected, "{case}, cut");
        let single = decode_item_by_item(decoder(line, event, id), &body);
        assert_eq!(single, whole, "{case}, item by item");
    }
    assert!(skipping * 3 >= streams, "{skipping} of {streams}");
}

/// What is skipped, as text, however the stream is cut.
fn told(line: usize, event: usize, body: &str) -> String {
    told_by(|| decoder(line, event, 99), body)
}

fn told_by(decoder: impl Fn() -> Decoder, body: &str) -> String {
    let body = body.as_bytes();
    let whole = decode(decoder(), &[body]).to_string();
    for (first, second) in chunks::splits(body) {
        let cut = decode(decoder(), &[first, second]);
        assert_eq!(cut.to_string(), whole);
    }
    let bytes: Vec<_> = chunks::bytes(body).collect();
    assert_eq!(decode(decoder(), &bytes).to_string(), whole);
    whole.replace('\n', "; ")
}

#[test]
fn an_event_is_skipped_once_and_its_id_counts() {
    let body = "data: a\n\nid: 7\nevent: x\ndata: 12345678\ndata: 12345678\n\ndata: b\n\n";
    let expected = "event 'a'; skipped line at 34; position '7'; event 'b' id '7'";
    assert_eq!(told(4, 99, body), expected);
    let body = "data: 123\ndata: 456\nid: 7\n\ndata: b\n\n";
    let expected = "skipped event at 17; position '7'; event 'b' id '7'";
    assert_eq!(told(99, 5, body), expected);
}

#[test]
fn an_event_whose_type_or_id_is_too_long_is_skipped() {
    let body = "event: 12345\ndata: a\n\ndata: b\n\n";
    assert_eq!(told(4, 99, body), "skipped line at 11; event 'b'");
    let body = "data: a\nid: 12345\ndata: c\n\ndata: b\n\n";
    assert_eq!(told(4, 99, body), "skipped line at 16; event 'b'");
}

/// What follows stays at the last id that is known, in the fast path as in the layers.
#[test]
fn an_id_that_is_too_long_takes_its_event_along_and_moves_nothing() {
    let told = |ids: &str| {
        let after = "data: c\n\n".repeat(9);
        let body = format!("id: 1\ndata: a\n\n{ids}data: b\n\n{after}");
        let told = told_by(|| decoder(99, 99, 4), &body);
        let mut lines: Vec<_> = told.split("; ").map(str::to_owned).collect();
        assert_eq!(lines.remove(0), "event 'a' id '1'");
        lines.dedup();
        lines.join("; ")
    };
    assert_eq!(told("id: 12345\n"), "skipped id at 23; event 'c' id '1'");
    assert_eq!(
        told("id: 2\nid: 12345\n"),
        "skipped id at 29; event 'c' id '1'"
    );
    let expected = "skipped id at 23; position '2'; event 'c' id '2'";
    assert_eq!(told("id: 12345\nid: 2\n"), expected);
    assert_eq!(
        told("id: 1234\n"),
        "event 'b' id '1234'; event 'c' id '1234'"
    );
}

#[test]
fn a_retry_that_is_too_long_is_skipped_alone() {
    let body = "data: a\nretry: 12345\nretry: 12\n\n";
    assert_eq!(told(4, 99, body), "skipped line at 19; retry 12; event 'a'");
}

#[test]
fn a_stream_that_begins_anew_skips_nothing_of_the_one_before() {
    let mut decoder = decoder(4, 99, 99);
    let mut batch = Batch::new();
    decoder.decode_into(b"data: 12345", &mut batch).unwrap();
    assert!(matches!(batch.next_item(), Some(Item::Skipped(_))));
    decoder.start_stream();
    decoder.decode_into(b"data: a\n\n", &mut batch).unwrap();
    assert!(matches!(batch.next_item(), Some(Item::Event(event)) if event.data == "a"));
}
