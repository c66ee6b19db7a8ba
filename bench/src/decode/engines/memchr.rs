//! The anchor: `memchr` counts line feeds, piece by piece. No decoder that reads every byte and finds the ends
//! of lines is faster, whatever it does with them; the crate's own `count` is used, its fastest.

use super::{Engine, Found, Role, Timed};
use crate::decode::chunks::Chunks;

pub(super) const ENGINE: Engine = Engine {
    name: "memchr",
    role: Role::Anchor,
    prepare,
};

fn prepare<'a>(chunks: &'a Chunks<'_>) -> Timed<'a> {
    Box::new(|| {
        let count = |chunk: &&[u8]| memchr::memchr_iter(b'\n', chunk).count() as u64;
        Found::Newlines(chunks.slices().iter().map(count).sum())
    })
}
