//! The decoder at its outlets and over different streams. In: a corpus. Out: how many events it held.
//!
//! Next: `encoder.rs`.

use super::{Row, Work};
use crate::corpus;
use std::hint::black_box;
use std::ops::ControlFlow;
use wellspring_proto::{Batch, Decoder, EventRef, Item};

/// What a driver feeds at a time.
const WIDE: usize = 16 * 1024;

pub(super) const TOKENS: Row = Row {
    name: "decoder-tokens",
    expected: 4_000,
    prepare: || lent(corpus::tokens(4_000), WIDE, |_| {}),
};

pub(super) const TOKENS_OWNED: Row = Row {
    name: "decoder-tokens-owned",
    expected: 4_000,
    prepare: || {
        lent(corpus::tokens(4_000), WIDE, |event| {
            black_box(event.to_event());
        })
    },
};

pub(super) const TOKENS_BATCH: Row = Row {
    name: "decoder-tokens-batch",
    expected: 4_000,
    prepare: || {
        let bytes = corpus::tokens(4_000);
        let mut decoder = Decoder::new();
        let mut batch = Batch::new();
        Box::new(move || {
            let mut events = 0;
            for chunk in bytes.chunks(WIDE) {
                decoder
                    .decode_into(chunk, &mut batch)
                    .expect("no limit is near");
                while let Some(item) = batch.next_item() {
                    events += u64::from(matches!(black_box(item), Item::Event(_)));
                }
                batch.clear();
            }
            events
        })
    },
};

pub(super) const TOKENS_PIECES: Row = Row {
    name: "decoder-tokens-17-bytes",
    expected: 1_000,
    prepare: || lent(corpus::tokens(1_000), 17, |_| {}),
};

pub(super) const FIELDS: Row = Row {
    name: "decoder-every-field",
    expected: 2_000,
    prepare: || lent(corpus::every_field(2_000), WIDE, |_| {}),
};

pub(super) const COMMENTS: Row = Row {
    name: "decoder-comments",
    expected: 2_000,
    prepare: || lent(corpus::comments(2_000), WIDE, |_| {}),
};

pub(super) const LONG_LINES: Row = Row {
    name: "decoder-long-lines",
    expected: 200,
    prepare: || lent(corpus::long_lines(200), WIDE, |_| {}),
};

fn lent(bytes: Vec<u8>, chunk: usize, take: impl Fn(EventRef<'_>) + 'static) -> Work {
    let mut decoder = Decoder::new();
    Box::new(move || {
        let mut events = 0;
        for chunk in bytes.chunks(chunk) {
            let decoded = decoder.decode(chunk, |item| {
                if let Item::Event(event) = black_box(item) {
                    take(event);
                    events += 1;
                }
                ControlFlow::Continue(())
            });
            decoded.expect("no limit is near");
        }
        events
    })
}
