//! `sse-core`: `SseDecoder::next` over `&[u8]`.
//!
//! The decoder is synchronous and takes any `Buf`; its `SseStream` only wraps it. A byte slice is the cheapest
//! `Buf` there is: advancing it moves a pointer. Every event it returns owns its data (`String`) and, where the
//! stream names them, its type (`String`) and ID (`Arc<str>`, made once for each `id` field); there is no
//! interface that lends.

use super::{Engine, Found, Role, Timed};
use crate::decode::chunks::Chunks;
use crate::decode::corpus::Totals;
use ::sse_core::{SseDecoder, SseEvent};
use std::hint::black_box;

pub(super) const ENGINE: Engine = Engine {
    name: "sse-core",
    role: Role::Peer,
    prepare,
};

fn prepare<'a>(chunks: &'a Chunks<'_>) -> Timed<'a> {
    Box::new(|| {
        let mut totals = Totals::default();
        let mut decoder = SseDecoder::new();
        for chunk in chunks.slices() {
            let mut rest = *chunk;
            while let Some(next) = decoder.next(&mut rest) {
                let next = black_box(next).expect("no event reaches the limit of 512 KiB");
                if let SseEvent::Message(event) = &next {
                    let id = event.last_event_id.as_deref().unwrap_or("");
                    totals.add(&event.event, &event.data, id);
                }
            }
        }
        Found::Events(totals)
    })
}
