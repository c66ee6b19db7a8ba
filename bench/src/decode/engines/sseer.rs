//! `sseer`: `EventStream` over a ready stream of `Bytes`.
//!
//! Its public line parser (`parser::parse_line`) splits lines but interprets none, so the stream is the lowest
//! interface that yields events. It takes what turns into `Bytes` and slices events out of it, so the pieces are
//! made before the clock starts and moved in, reference-counted slices of one buffer, as an HTTP body
//! hands them out. Feature `std` turns on SIMD detection in memchr.

use super::poll::{Ready, drain};
use super::{Engine, Found, Role, Timed};
use crate::decode::chunks::Chunks;
use crate::decode::corpus::Totals;
use ::sseer::EventStream;
use std::hint::black_box;

pub(super) const ENGINE: Engine = Engine {
    name: "sseer",
    role: Role::Peer,
    prepare,
};

fn prepare<'a>(chunks: &'a Chunks<'_>) -> Timed<'a> {
    let pieces = chunks.shared();
    Box::new(|| {
        let mut totals = Totals::default();
        drain(EventStream::new(Ready(pieces.into_iter())), |next| {
            let event = black_box(next).expect("the corpora are UTF-8");
            totals.add(&event.event, &event.data, &event.id);
        });
        Found::Events(totals)
    })
}
