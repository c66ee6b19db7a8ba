//! What is allocated: nothing for an event that is lent, once the buffers have grown to the size of
//! the events; one allocation for an event that is kept.

use allocation_counter::measure;
use std::ops::ControlFlow;
use wellspring_proto::{Batch, Decoder, Event, EventRef, Item};

const EVENTS: u64 = 100;
/// In all, or one event at a time, or in pieces that cut every event.
const CHUNKS: [usize; 5] = [usize::MAX, 16 * 1024, 100, 17, 1];

/// One block after another, each of them another one.
fn stream() -> Vec<u8> {
    let mut stream = Vec::new();
    for number in 0..EVENTS {
        let block = match number % 5 {
            0 => "event: content_block_delta\ndata: {\"text\":\"Guten Morgen\"}\n\n".to_owned(),
            1 => format!("id: {}\ndata: with an id\n\n", 1000 + number),
            2 => "data: several\r\ndata: lines\r\ndata: of it\r\n\r\n".to_owned(),
            3 => ": a comment\nretry: 3000\ndata\n\n".to_owned(),
            _ => "data: добрый день, 今日は\nunknown: field\n\n".to_owned(),
        };
        stream.extend_from_slice(block.as_bytes());
    }
    stream
}

fn visit(decoder: &mut Decoder, stream: &[u8], chunk: usize, mut take: impl FnMut(EventRef<'_>)) {
    for chunk in stream.chunks(chunk) {
        let read = decoder.decode(chunk, |item| {
            if let Item::Event(event) = item {
                take(event);
            }
            ControlFlow::Continue(())
        });
        assert_eq!(read, Ok(chunk.len()));
    }
}

#[test]
fn lent_events_allocate_nothing() {
    let stream = stream();
    for chunk in CHUNKS {
        let mut decoder = Decoder::new();
        visit(&mut decoder, &stream, chunk, |_| {});
        let mut events = 0;
        let info = measure(|| visit(&mut decoder, &stream, chunk, |_| events += 1));
        assert_eq!(events, EVENTS);
        assert_eq!(info.count_total, 0, "in chunks of {chunk}");
    }
}

#[test]
fn lent_events_that_are_repaired_allocate_nothing() {
    let stream = b"data: bad \xFF byte\nid: bad \xC3 one\n\n".repeat(100);
    for chunk in CHUNKS {
        let mut decoder = Decoder::new();
        visit(&mut decoder, &stream, chunk, |_| {});
        let info = measure(|| visit(&mut decoder, &stream, chunk, |_| {}));
        assert_eq!(info.count_total, 0, "in chunks of {chunk}");
    }
}

#[test]
fn a_batch_that_is_used_again_allocates_nothing() {
    let stream = stream();
    let mut decoder = Decoder::new();
    let mut batch = Batch::new();
    let mut fill_and_empty = || {
        for chunk in stream.chunks(1460) {
            decoder.decode_into(chunk, &mut batch).unwrap();
            while batch.next_item().is_some() {}
            batch.clear();
        }
    };
    fill_and_empty();
    assert_eq!(measure(fill_and_empty).count_total, 0);
}

/// It may be as long as a line: a copy for each of the events would make gigabytes of one chunk.
#[test]
fn a_batch_holds_an_id_once_whatever_stands_between_events() {
    let id = "i".repeat(64 * 1024);
    let blocks = [
        "retry: 1\ndata\n\n",
        ": a comment\ndata\n\n",
        "retry: 1\ndata: a\n\n",
    ];
    for block in blocks {
        let mut decoder = Decoder::new().comments(true);
        decoder.set_last_event_id(&id);
        let chunk = block.repeat(100);
        let mut batch = Batch::new();
        let info = measure(|| decoder.decode_into(chunk.as_bytes(), &mut batch).unwrap());
        assert!(info.bytes_max < 4 * 64 * 1024, "{block:?}: {info:?}");
        let ids = std::iter::from_fn(|| {
            batch
                .next_item()
                .map(|item| matches!(item, Item::Event(event) if event.last_event_id == id))
        });
        assert_eq!(ids.filter(|&same| same).count(), 100);
    }
}

#[test]
fn owned_events_allocate_once_each() {
    let stream = stream();
    for chunk in CHUNKS {
        let mut decoder = Decoder::new();
        let mut kept: Vec<Event> = Vec::with_capacity(2 * EVENTS as usize);
        visit(&mut decoder, &stream, chunk, |event| {
            kept.push(event.into());
        });
        let info = measure(|| {
            visit(&mut decoder, &stream, chunk, |event| {
                kept.push(event.to_event());
            });
        });
        assert_eq!(info.count_total, EVENTS, "in chunks of {chunk}");
    }
}
