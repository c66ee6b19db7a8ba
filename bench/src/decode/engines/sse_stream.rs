//! `sse-stream`: `SseByteStream` over a ready stream of `&[u8]`.
//!
//! Its parser is private; the stream over byte buffers is the lowest interface, and the one its documentation
//! prefers to the HTTP body adapter. It takes any `Buf`; a byte slice is the cheapest. Default features:
//! `memchr` and `simdutf8`. Every event owns its strings. Blocks come out raw: it neither puts `message` where
//! no type was named nor carries an ID over to later events, so it does a little less than the standard asks.

use super::poll::{Ready, drain};
use super::{Engine, Found, Role, Timed};
use crate::decode::chunks::Chunks;
use crate::decode::corpus::Totals;
use ::sse_stream::SseByteStream;
use std::hint::black_box;

pub(super) const ENGINE: Engine = Engine {
    name: "sse-stream",
    role: Role::Peer,
    prepare,
};

fn prepare<'a>(chunks: &'a Chunks<'_>) -> Timed<'a> {
    Box::new(|| {
        let mut totals = Totals::default();
        let pieces = Ready(chunks.slices().iter().copied());
        drain(SseByteStream::new(pieces), |next| {
            let event = black_box(next).expect("the corpora are UTF-8");
            let event_type = event.event.as_deref().unwrap_or("message");
            let data = event.data.as_deref().unwrap_or("");
            totals.add(event_type, data, event.id.as_deref().unwrap_or(""));
        });
        Found::Events(totals)
    })
}
