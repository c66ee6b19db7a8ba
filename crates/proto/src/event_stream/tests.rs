//! The layers and the fast path against hand-written vectors and the naive oracle, in every
//! chunking.

use super::fields::Field;
use super::interpret::Interpreter;
use super::{Decoder, Item, LimitKind, Limits};
use core::ops::ControlFlow;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, vec};
use wellspring_testkit::{Trace, chunks, oracle, vectors};

fn record(trace: &mut Trace, item: Item<'_>) -> ControlFlow<()> {
    match item {
        Item::Event(event) => trace.event(event.event_type, event.data, event.last_event_id),
        Item::Comment(text) => trace.comment(text),
        Item::Retry(time) => trace.retry(time),
        Item::LastEventId(id) => trace.position(id),
        Item::Skipped(limit) => trace.skipped(&limit.kind.to_string(), limit.offset),
    }
    ControlFlow::Continue(())
}

fn trace_of<'a>(mut decoder: Decoder, chunks: impl IntoIterator<Item = &'a [u8]>) -> Trace {
    let mut trace = Trace::new();
    for chunk in chunks {
        let read = decoder.decode(chunk, |item| record(&mut trace, item));
        assert_eq!(read, Ok(chunk.len()));
    }
    trace
}

fn with_comments() -> Decoder {
    Decoder::new().comments(true)
}

#[test]
fn vectors_whole() {
    for vector in vectors::all() {
        let trace = trace_of(with_comments(), [vector.input]);
        assert_eq!(trace.to_string(), vector.expected(), "{}", vector.name);
    }
}

#[test]
fn vectors_in_every_two_split() {
    for vector in vectors::all() {
        for (first, second) in chunks::splits(vector.input) {
            let trace = trace_of(with_comments(), [first, second]);
            let at = first.len();
            assert_eq!(trace.to_string(), vector.expected(), "{} {at}", vector.name);
        }
    }
}

#[test]
fn vectors_byte_by_byte() {
    for vector in vectors::all() {
        let trace = trace_of(with_comments(), chunks::bytes(vector.input));
        assert_eq!(trace.to_string(), vector.expected(), "{}", vector.name);
    }
}

/// Padding with comments makes every vector long enough for the fast path, at every offset.
#[test]
fn vectors_behind_and_before_other_blocks() {
    for vector in vectors::all() {
        if vector.input.starts_with(b"\xEF") {
            continue;
        }
        for padding in ["data: x\n\n", "data: x\r\r", "data: x\r\n\r\n"] {
            let mut input = padding.repeat(20).into_bytes();
            input.extend_from_slice(vector.input);
            input.extend_from_slice(b"\n\n");
            input.extend_from_slice(padding.repeat(20).as_bytes());
            let expected = oracle::decode(&input);
            assert_eq!(
                trace_of(with_comments(), [&input[..]]).to_string(),
                expected.to_string(),
                "{} after {padding:?}",
                vector.name
            );
            assert_eq!(
                trace_of(Decoder::new(), [&input[..]]),
                expected.without_comments()
            );
        }
    }
}

#[test]
fn batch_gives_what_the_visitor_sees() {
    for vector in vectors::all() {
        let mut batch = super::Batch::new();
        let mut trace = Trace::new();
        let mut decoder = with_comments();
        for chunk in vector.input.chunks(5) {
            decoder.decode_into(chunk, &mut batch).unwrap();
            if chunk.len() % 2 == 0 {
                while let Some(item) = batch.next_item() {
                    let _ = record(&mut trace, item);
                }
            }
        }
        while let Some(item) = batch.next_item() {
            let _ = record(&mut trace, item);
        }
        assert!(batch.is_empty());
        assert_eq!(trace.to_string(), vector.expected(), "{}", vector.name);
    }
}

/// A visitor may stop at each item and go on where the decoder stopped.
#[test]
fn breaking_at_every_item_loses_nothing() {
    for vector in vectors::all() {
        let mut input = vector.input.to_vec();
        input.extend_from_slice(&b"\n\ndata: pad\n\n".repeat(10));
        let mut decoder = with_comments();
        let mut trace = Trace::new();
        let mut at = 0;
        while at < input.len() {
            let read = decoder.decode(&input[at..], |item| {
                let _ = record(&mut trace, item);
                ControlFlow::Break(())
            });
            at += read.unwrap();
        }
        assert_eq!(trace, oracle::decode(&input), "{}", vector.name);
        assert_eq!(decoder.bytes_read(), input.len() as u64);
    }
}

#[test]
fn last_event_id_stays_over_streams() {
    let mut decoder = Decoder::new();
    let nothing = |_: Item<'_>| ControlFlow::Continue(());
    decoder.set_last_event_id("0");
    decoder
        .decode(b"id: 1\ndata: a\n\nid: 2\ndata: cut", nothing)
        .unwrap();
    assert_eq!(decoder.last_event_id(), "1");
    decoder.start_stream();
    let mut trace = Trace::new();
    let body = b"\xEF\xBB\xBF: hi\n\ndata: b\n\n";
    decoder
        .decode(body, |item| record(&mut trace, item))
        .unwrap();
    assert_eq!(trace.to_string(), "event 'b' id '1'");
}

/// The error of `input` under `limits`, with the trace before it, which no chunking may change.
fn limit_error(limits: Limits, input: &[u8]) -> (String, LimitKind, u64) {
    let mut outcomes = Vec::new();
    let mut cuts: Vec<Vec<&[u8]>> = vec![vec![input], chunks::bytes(input).collect()];
    cuts.extend(chunks::splits(input).map(|(first, second)| vec![first, second]));
    for cut in cuts {
        let mut decoder = Decoder::with_limits(limits);
        let mut trace = Trace::new();
        let error = cut
            .iter()
            .find_map(|chunk| decoder.decode(chunk, |item| record(&mut trace, item)).err())
            .unwrap();
        assert_eq!(decoder.decode(b"data: more\n\n", |_| panic!()), Err(error));
        outcomes.push((trace.to_string(), error.kind, error.offset));
    }
    outcomes.dedup();
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    outcomes.remove(0)
}

#[test]
fn a_long_line_is_an_error_at_its_first_byte_too_many() {
    let limits = Limits::default().with_line(4);
    let input = b"data: 1234\n\ndata: 12345678\r\n\r\n";
    let expected = (String::from("event '1234'"), LimitKind::Line, 22);
    assert_eq!(limit_error(limits, input), expected);
    let id = b"data: a\n\nid: 12345\ndata: b\n\n";
    assert_eq!(limit_error(limits, id).2, 17);
}

#[test]
fn a_long_event_is_an_error() {
    let limits = Limits::default().with_event(10);
    let input = b"data: 1\n\nevent: abcd\ndata: 123\ndata: 4567\n\n";
    let (trace, kind, _) = limit_error(limits, input);
    assert_eq!((trace.as_str(), kind), ("event '1'", LimitKind::Event));
    let names = format!("event: {}\n\n", "x".repeat(11));
    assert_eq!(limit_error(limits, names.as_bytes()).1, LimitKind::Event);
}

/// In the middle of a chunk, where the fast path reads, and wherever else a chunk may end.
#[test]
fn a_long_id_is_an_error_at_its_first_byte_too_many() {
    let limits = Limits::default().with_id(4);
    let input = format!(
        "id: 1234\ndata: a\n\nid: 12345\ndata: b\n\n{}",
        "data: c\n\n".repeat(20)
    );
    let expected = (String::from("event 'a' id '1234'"), LimitKind::Id, 26);
    assert_eq!(limit_error(limits, input.as_bytes()), expected);
    let shorter_line = limits.with_line(3);
    let (trace, kind, _) = limit_error(shorter_line, input.as_bytes());
    assert_eq!((trace.as_str(), kind), ("", LimitKind::Line));
    // An id with a NUL would be ignored, but who knows when it comes.
    let ignored = format!("data: a\n\nid: 1234\0\n\n{}", "data: c\n\n".repeat(20));
    assert_eq!(limit_error(limits, ignored.as_bytes()).1, LimitKind::Id);
}

/// Lines of data without a byte of value still take a byte each.
#[test]
fn empty_data_lines_count() {
    let limits = Limits::default().with_event(10);
    let (trace, kind, _) = limit_error(limits, &b"data\n".repeat(20));
    assert_eq!((trace.as_str(), kind), ("", LimitKind::Event));
}

#[test]
fn what_is_skipped_never_counts() {
    let limits = Limits::default().with_line(8).with_event(8);
    let long = "x".repeat(1000);
    let input = format!(": {long}\nunknown: {long}\n{long}\ndata: a\n\n");
    for size in [1, 7, 64, 5000] {
        let trace = trace_of(Decoder::with_limits(limits), input.as_bytes().chunks(size));
        assert_eq!(trace.to_string(), "event 'a'");
    }
}

#[test]
fn comments_are_cut_at_their_limit() {
    let limits = Limits::default().with_comment(3);
    for size in [1, 2, 100] {
        let decoder = Decoder::with_limits(limits).comments(true);
        let trace = trace_of(decoder, b":abcdef\n:xy\n".chunks(size));
        assert_eq!(trace.to_string(), "comment 'abc'\ncomment 'xy'");
    }
}

/// A body of many windows, with characters cut at their edges and broken bytes here and there.
#[test]
fn long_chunks_are_read_window_by_window() {
    let mut body = Vec::new();
    for number in 0..9000 {
        body.extend_from_slice(format!("id: {number}\ndata: naïve 漢字 🦀\n").as_bytes());
        if number % 500 == 0 {
            body.extend_from_slice(b"data: \xF0\x9F\xA6 broken \xFF\n");
        }
        body.extend_from_slice(if number % 7 == 0 { b"\r\n" } else { b"\n" });
    }
    let expected = oracle::decode(&body);
    for size in [body.len(), 100_000, 16 * 1024 + 1, 999] {
        let trace = trace_of(Decoder::new(), body.chunks(size));
        assert!(trace == expected, "chunks of {size}");
    }
}

/// Runs of comments are skipped in strides; a field may stand anywhere behind them.
#[test]
fn a_run_of_comments_hides_no_field() {
    for comment in [
        ":\n",
        ": keep-alive\n\n",
        ":x\r\n\r\n",
        ":\r",
        ": a\n\n\n:b\r\r",
    ] {
        for length in 0..150 {
            let mut body = comment.repeat(30 + length);
            let cut = body.len() - length.min(comment.len() - 1);
            body.truncate(cut);
            body.push_str("\ndata: a\n\n: more\n\n");
            body.push_str(&comment.repeat(40));
            let expected = oracle::decode(body.as_bytes()).without_comments();
            let trace = trace_of(Decoder::new(), [body.as_bytes()]);
            assert_eq!(trace, expected, "{comment:?} {length}");
        }
    }
}

/// Where whole blocks may be read in place. Without it everything is right and slow.
#[test]
fn a_block_begins_after_the_one_before_and_not_within_it() {
    let limits = Limits::default();
    let mut interpreter = Interpreter::default();
    for (field, leaves_a_trace) in [
        (Field::Comment, false),
        (Field::Retry, false),
        (Field::Unknown, false),
        (Field::Data, true),
        (Field::Event, true),
        (Field::Id, true),
    ] {
        assert!(interpreter.at_block_start(), "before {field:?}");
        assert!(interpreter.append(field, b"7", &limits).is_ok());
        assert!(interpreter.end_line(field, &limits).is_ok());
        assert_eq!(interpreter.at_block_start(), !leaves_a_trace, "{field:?}");
        interpreter.dispatch();
        interpreter.end_block();
    }
}
