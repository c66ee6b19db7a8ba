//! The ways to cut a stream. In: bytes, and a seed. Out: the same bytes in pieces.
//!
//! ```
//! use wellspring_testkit::chunks;
//!
//! let body = b"data: a\n\n";
//! assert_eq!(chunks::splits(body).count(), body.len() + 1);
//! assert_eq!(chunks::random(body, 7).concat(), body);
//! ```
//!
//! Next: `generate.rs`, which makes streams worth cutting.

/// Every way to cut a stream in two, the two with an empty piece included.
pub fn splits(body: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    (0..=body.len()).map(|at| body.split_at(at))
}

/// One byte a piece.
pub fn bytes(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.chunks(1)
}

/// A cutting by seed: most pieces are a few bytes long, some long, some empty.
#[must_use]
pub fn random(body: &[u8], seed: u64) -> Vec<&[u8]> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut rest = body;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let longest = [0, 1, 2, 3, 7, 20, 70, 400][rng.usize(..8)];
        let (piece, after) = rest.split_at(rng.usize(..=longest).min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests;
