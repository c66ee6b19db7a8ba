//! What a selector is compiled to: literal text and expressions in turn. In: pieces and a topic. Out:
//! whether all of the topic can be read as these pieces.
//!
//! Next: `index.rs` does the same for many selectors at once.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::mem::swap;

use crate::expression::{Expression, Place};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    Literal(Box<[u8]>),
    Expression(Expression),
}

/// Takes time in proportion to the topic's length and the number of pieces.
pub(crate) fn matches(pieces: &[Piece], topic: &str) -> bool {
    let topic = topic.as_bytes();
    // Where in the topic the next piece may begin.
    let mut begins = vec![false; topic.len() + 1];
    begins[0] = true;
    for piece in pieces {
        begins = match piece {
            Piece::Literal(text) => behind_literal(text, topic, &begins),
            Piece::Expression(expression) => behind_expression(*expression, topic, begins),
        };
        if !begins.contains(&true) {
            return false;
        }
    }
    begins.last() == Some(&true)
}

fn behind_literal(text: &[u8], topic: &[u8], begins: &[bool]) -> Vec<bool> {
    let mut ends = vec![false; begins.len()];
    for (at, _) in begins.iter().enumerate().filter(|(_, begins)| **begins) {
        if topic[at..].starts_with(text) {
            ends[at + text.len()] = true;
        }
    }
    ends
}

/// An expression may be empty: it may end wherever it may begin.
fn behind_expression(expression: Expression, topic: &[u8], begins: Vec<bool>) -> Vec<bool> {
    let mut ends = begins;
    let mut places: Vec<Place> = Vec::new();
    let mut next = Vec::new();
    let mut may_begin = ends[0];
    for (at, &byte) in topic.iter().enumerate() {
        next.extend(expression.begin(byte).filter(|_| may_begin));
        next.extend(
            places
                .iter()
                .filter_map(|place| expression.step(*place, byte)),
        );
        next.sort_unstable();
        next.dedup();
        swap(&mut places, &mut next);
        next.clear();
        may_begin = ends[at + 1];
        ends[at + 1] |= places.iter().any(|place| place.may_end());
    }
    ends
}
