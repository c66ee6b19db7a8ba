//! `eventsource-stream`: `EventStream` over a ready stream of `&[u8]`.
//!
//! Parser and UTF-8 adapter are private; the stream is the only interface. It takes anything `AsRef<[u8]>`, and
//! copies it; a byte slice costs nothing more. It copies the rest of its buffer for every line and parses an
//! unfinished line anew with every piece, so it is quadratic in the size of a piece and in the number of
//! pieces a line has: it gets a shorter prefix of the corpus there.

use super::poll::{Ready, drain};
use super::{Engine, Found, Role, Timed};
use crate::decode::chunks::Chunks;
use crate::decode::corpus::Totals;
use ::eventsource_stream::EventStream;
use std::hint::black_box;

pub(super) const ENGINE: Engine = Engine {
    name: "eventsource-stream",
    role: Role::Peer,
    prepare,
};

fn prepare<'a>(chunks: &'a Chunks<'_>) -> Timed<'a> {
    Box::new(|| {
        let mut totals = Totals::default();
        let pieces = Ready(chunks.slices().iter().copied());
        drain(EventStream::new(pieces), |next| {
            let event = black_box(next).expect("the corpora are UTF-8");
            totals.add(&event.event, &event.data, &event.id);
        });
        Found::Events(totals)
    })
}
