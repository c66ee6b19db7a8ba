//! What a selector is compiled to: literal text and expressions in turn. In: pieces and a topic. Out:
//! whether all of the topic can be read as these pieces.
//!
//! Next: `index.rs` does the same for many selectors at once.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::expression::{Expression, Place};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    Literal(Box<[u8]>),
    Expression(Expression),
}

/// How far one way of reading the topic has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reading {
    piece: usize,
    within: Within,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Within {
    /// Before the first byte of the piece.
    Before,
    /// Behind so many bytes of literal text.
    Literal(usize),
    Expansion(Place),
}

/// Takes time in proportion to the topic's length and the number of pieces.
pub(crate) fn matches(pieces: &[Piece], topic: &str) -> bool {
    let mut readings = Vec::new();
    let mut next = Vec::new();
    begin(pieces, 0, &mut readings);
    for &byte in topic.as_bytes() {
        for reading in &readings {
            step(pieces, *reading, byte, &mut next);
        }
        next.sort_unstable();
        next.dedup();
        core::mem::swap(&mut readings, &mut next);
        next.clear();
        if readings.is_empty() {
            return false;
        }
    }
    readings.iter().any(|reading| reading.piece == pieces.len())
}

/// Adds the reading that is before this piece, and those behind it as far as pieces may be empty.
fn begin(pieces: &[Piece], piece: usize, readings: &mut Vec<Reading>) {
    let rest = pieces.get(piece..).unwrap_or_default();
    let skipped = rest
        .iter()
        .take_while(|p| matches!(p, Piece::Expression(_)));
    let last = piece + skipped.count();
    readings.extend((piece..=last).map(|piece| Reading {
        piece,
        within: Within::Before,
    }));
}

fn step(pieces: &[Piece], reading: Reading, byte: u8, next: &mut Vec<Reading>) {
    let Reading { piece, within } = reading;
    match pieces.get(piece) {
        Some(Piece::Literal(text)) => {
            let read = if let Within::Literal(read) = within {
                read
            } else {
                0
            };
            if text.get(read) != Some(&byte) {
                return;
            }
            if read + 1 == text.len() {
                return begin(pieces, piece + 1, next);
            }
            let within = Within::Literal(read + 1);
            next.push(Reading { piece, within });
        }
        Some(Piece::Expression(expression)) => {
            let place = match within {
                Within::Expansion(place) => expression.step(place, byte),
                _ => expression.begin(byte),
            };
            let Some(place) = place else {
                return;
            };
            let within = Within::Expansion(place);
            next.push(Reading { piece, within });
            if place.may_end() {
                begin(pieces, piece + 1, next);
            }
        }
        None => {}
    }
}
