//! Where a byte stands, in up to 64 bytes at a time. In: bytes, and which. Out: a bit for each place.
//!
//! Next: `line_ends.rs`.

use wide::u8x16;

/// The most bytes that one mask speaks of.
pub(super) const BLOCK: usize = 64;
const LANES: usize = 16;

/// Bit `n` is set when byte `n` of the block is the one that is looked for.
#[inline(always)]
pub(super) fn of_block(block: &[u8; BLOCK], byte: u8) -> u64 {
    let (vectors, _) = block.as_chunks::<LANES>();
    let places = vectors.iter().enumerate();
    places.fold(0, |mask, (place, vector)| {
        mask | of_vector(vector, byte) << (place * LANES)
    })
}

/// Whether the byte is anywhere in the block.
#[inline(always)]
pub(super) fn is_in_block(block: &[u8; BLOCK], byte: u8) -> bool {
    let (vectors, _) = block.as_chunks::<LANES>();
    let any = vectors.iter().fold(u8x16::splat(0), |any, vector| {
        any | u8x16::new(*vector).simd_eq(u8x16::splat(byte))
    });
    any.to_bitmask() != 0
}

/// Likewise of fewer bytes than a block has. The last vector overlaps the one in front of it, so that nothing is
/// copied.
#[inline(always)]
pub(super) fn of_short(bytes: &[u8], byte: u8) -> u64 {
    let length = bytes.len();
    let Some(last) = bytes.last_chunk::<LANES>() else {
        return of_few(bytes, byte);
    };
    let mut mask = of_vector(last, byte) << (length - LANES);
    let (vectors, _) = bytes.as_chunks::<LANES>();
    for (place, vector) in vectors.iter().enumerate().take(BLOCK / LANES) {
        mask |= of_vector(vector, byte) << (place * LANES);
    }
    mask
}

/// Of fewer bytes than a vector has.
#[inline(always)]
fn of_few(bytes: &[u8], byte: u8) -> u64 {
    let length = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let [first, last] = [first, last].map(|half| u64::from_le_bytes(*half));
        return of_halves(first, last, length - 8, byte);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let [first, last] = [first, last].map(|half| u64::from(u32::from_le_bytes(*half)));
        return of_halves(first, last, length - 4, byte);
    }
    let places = bytes.iter().enumerate();
    places.fold(0, |mask, (place, is)| {
        mask | u64::from(*is == byte) << place
    })
}

#[inline(always)]
fn of_halves(first: u64, last: u64, place: usize, byte: u8) -> u64 {
    let pair = u128::from(first) | u128::from(last) << 64;
    let mask = of_vector(&pair.to_le_bytes(), byte);
    mask & 0xFF | mask >> 8 << place
}

#[inline(always)]
fn of_vector(vector: &[u8; LANES], byte: u8) -> u64 {
    let found = u8x16::new(*vector).simd_eq(u8x16::splat(byte));
    u64::from(found.to_bitmask())
}
