//! Chunking is invisible, and so is the outlet. In: a head (flags, two seeds), then the body. Out: a
//! panic when two chunkings, or two outlets, give different traces.
//!
//! Next: `peer.rs`.

use crate::Input;
use crate::trace::{batch, visit, visit_breaking};
use wellspring_proto::{Decoder, Limits};
use wellspring_testkit::{Trace, chunks};

const COMMENTS: u8 = 1;
const HOARD: u8 = 2;

pub(crate) const VECTOR_HEADS: &[&[u8]] = &[&[COMMENTS, 3, 8], &[HOARD, 1, 2]];

/// A way to get items out of a decoder.
type Outlet<'a> = dyn Fn(&mut Decoder, &[&[u8]]) -> Trace + 'a;

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let flags = input.byte();
    let seeds = [input.byte(), input.byte()].map(u64::from);
    let body = input.rest();
    let comments = flags & COMMENTS != 0;
    let fresh = || {
        let limits = Limits::default().with_comment(16);
        Decoder::with_limits(limits).comments(comments)
    };

    let mut decoder = fresh();
    let (whole, result) = visit(&mut decoder, &[body]);
    assert_eq!(result, Ok(()));
    let position = decoder.bytes_read();
    let id = decoder.last_event_id().to_owned();
    assert_eq!(position, body.len() as u64);

    let outlets: [&Outlet<'_>; 3] = [
        &|decoder, pieces| visit(decoder, pieces).0,
        &visit_breaking,
        &|decoder, pieces| batch(decoder, pieces, flags & HOARD != 0),
    ];
    for seed in seeds {
        let pieces = chunks::random(body, seed);
        for (number, outlet) in outlets.iter().enumerate() {
            let mut decoder = fresh();
            let trace = outlet(&mut decoder, &pieces);
            assert_eq!(trace, whole, "outlet {number}, cut into {pieces:?}");
            assert_eq!(decoder.bytes_read(), position);
            assert_eq!(decoder.last_event_id(), id);
            // What the first body left behind does not show in the second.
            decoder.start_stream();
            decoder.set_last_event_id("");
            assert_eq!(
                outlet(&mut decoder, &[body]),
                whole,
                "outlet {number}, again"
            );
        }
    }
}
