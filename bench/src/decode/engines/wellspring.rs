//! `wellspring-proto`, at its three outlets:
//!
//! - `wellspring`: `Decoder::decode`, which lends each event to a visitor: no allocation.
//! - `wellspring-batch`: `Decoder::decode_into` a `Batch` that is emptied after every piece: what an asynchronous
//!   driver does.
//! - `wellspring-owned`: `Decoder::decode` and `EventRef::to_event`, one allocation an event: what the peers
//!   give, so the fair one to set beside them where events are kept.

use super::{Engine, Found, Role, Timed};
use crate::decode::chunks::Chunks;
use crate::decode::corpus::Totals;
use std::hint::black_box;
use std::ops::ControlFlow;
use wellspring_proto::{Batch, Decoder, EventRef, Item};

pub(super) const LENT: Engine = Engine {
    name: "wellspring",
    role: Role::Ours,
    prepare: |chunks| {
        visit(chunks, |event, totals| {
            let event = black_box(event);
            totals.add(event.event_type, event.data, event.last_event_id);
        })
    },
};

pub(super) const BATCH: Engine = Engine {
    name: "wellspring-batch",
    role: Role::Ours,
    prepare: batch,
};

pub(super) const OWNED: Engine = Engine {
    name: "wellspring-owned",
    role: Role::Ours,
    prepare: |chunks| {
        visit(chunks, |event, totals| {
            let event = black_box(event.to_event());
            totals.add(event.event_type(), event.data(), event.last_event_id());
        })
    },
};

/// Work that hands every event to `take`.
fn visit<'a>(chunks: &'a Chunks<'_>, take: impl Fn(EventRef<'_>, &mut Totals) + 'a) -> Timed<'a> {
    Box::new(move || {
        let mut totals = Totals::default();
        let mut decoder = Decoder::new();
        for chunk in chunks.slices() {
            decoder
                .decode(chunk, |item| {
                    if let Item::Event(event) = item {
                        take(event, &mut totals);
                    }
                    ControlFlow::Continue(())
                })
                .expect("no event reaches the limit of 16 MiB");
        }
        Found::Events(totals)
    })
}

fn batch<'a>(chunks: &'a Chunks<'_>) -> Timed<'a> {
    Box::new(|| {
        let mut totals = Totals::default();
        let mut decoder = Decoder::new();
        let mut batch = Batch::new();
        for chunk in chunks.slices() {
            decoder
                .decode_into(chunk, &mut batch)
                .expect("no event reaches the limit of 16 MiB");
            while let Some(item) = batch.next_item() {
                if let Item::Event(event) = item {
                    let event = black_box(event);
                    totals.add(event.event_type, event.data, event.last_event_id);
                }
            }
            batch.clear();
        }
        Found::Events(totals)
    })
}
