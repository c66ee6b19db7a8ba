//! The encoder. In: fields. Out: how many bytes they came to.
//!
//! Next: `machine.rs`.

use super::Row;
use std::hint::black_box;
use std::time::Duration;
use wellspring_proto::Block;

pub(super) const DATA: Row = Row {
    name: "encoder-data",
    expected: 2_000 * 45,
    prepare: || {
        let mut out = Vec::with_capacity(1 << 20);
        Box::new(move || {
            for _ in 0..2_000 {
                Block::data(black_box("{\"temperature\":21.5,\"room\":\"kitchen\"}"))
                    .encode_into(&mut out);
            }
            out.len() as u64
        })
    },
};

pub(super) const FIELDS: Row = Row {
    name: "encoder-every-field",
    expected: 2_000 * 74,
    prepare: || {
        let mut out = Vec::with_capacity(1 << 20);
        Box::new(move || {
            for _ in 0..2_000 {
                every_field().encode_into(&mut out);
            }
            out.len() as u64
        })
    },
};

fn every_field() -> Block<'static> {
    let block = Block::data(black_box("first\nsecond\r\nthird"));
    let block = block.event_type(black_box("update"));
    let block = block.and_then(|block| block.id(black_box("k3-42")));
    let block = block.expect("both values can be sent");
    block.retry(Duration::from_secs(2))
}
