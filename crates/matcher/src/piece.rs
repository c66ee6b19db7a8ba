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

/// Which of these pieces may be read at the same time as an expression in front of them, and so in as
/// many ways as there are places to end that one: expressions behind one that could read on where the
/// next piece begins. Not the last piece, which leads no further.
pub(crate) fn are_open(pieces: &[Piece]) -> impl Iterator<Item = bool> {
    let mut is_behind = false;
    pieces.iter().enumerate().map(move |(at, piece)| {
        let Piece::Expression(expression) = piece else {
            return false;
        };
        let rest = &pieces[at + 1..];
        let is_open = is_behind && !rest.is_empty();
        is_behind |= reads_on(*expression, rest);
        is_open
    })
}

/// Whether the expression could read the first byte of what follows it.
fn reads_on(expression: Expression, rest: &[Piece]) -> bool {
    for piece in rest {
        match piece {
            Piece::Literal(text) => {
                return text.first().is_some_and(|byte| expression.reads(*byte));
            }
            Piece::Expression(next) => match next.lead {
                Some(lead) if !expression.reads(lead) => {}
                _ => return true,
            },
        }
    }
    false
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
