//! A topic on its way through the tree. In: the tree and a topic. Out: the selectors at the nodes where
//! a way of reading the topic ends with it.
//!
//! Next: `../piece.rs` does the same for one selector.

use alloc::vec::Vec;
use core::mem::swap;

use super::Matches;
use super::tree::{Edge, NodeId, ROOT, Tree};
use crate::expression::Place;

/// How far one way of reading the topic has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reading {
    node: NodeId,
    within: Within,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Within {
    /// Behind what leads to the node.
    Behind,
    /// On the way to it, behind so many bytes of its literal text.
    Literal(u32),
    /// On the way to it, in the expansion of its expression.
    Expansion(Place),
}

/// Adds the selectors that match; one may be there twice.
pub(super) fn walk(tree: &Tree, topic: &[u8], matches: &mut Matches) {
    let Matches {
        ids,
        readings,
        next,
    } = matches;
    readings.clear();
    arrive(tree, ROOT, readings);
    for &byte in topic {
        next.clear();
        for reading in readings.iter() {
            step(tree, *reading, byte, next);
        }
        if next.len() > 1 {
            next.sort_unstable();
            next.dedup();
        }
        swap(readings, next);
        if readings.is_empty() {
            return;
        }
    }
    let ends = readings.iter().filter(|r| r.within == Within::Behind);
    ids.extend(ends.flat_map(|reading| &tree.node(reading.node).selectors));
}

/// Adds a node that was reached, and those behind it as far as expressions may be empty.
fn arrive(tree: &Tree, node: NodeId, readings: &mut Vec<Reading>) {
    let mut at = readings.len();
    readings.push(Reading {
        node,
        within: Within::Behind,
    });
    while let Some(Reading { node, .. }) = readings.get(at).copied() {
        let behind = tree.node(node).expressions.iter();
        readings.extend(behind.map(|&node| Reading {
            node,
            within: Within::Behind,
        }));
        at += 1;
    }
}

fn step(tree: &Tree, reading: Reading, byte: u8, next: &mut Vec<Reading>) {
    let Reading { node, within } = reading;
    match within {
        Within::Literal(read) => step_literal(tree, node, read, byte, next),
        Within::Expansion(place) => {
            if let Edge::Expression(expression) = tree.node(node).edge {
                expand(tree, node, expression.step(place, byte), next);
            }
        }
        Within::Behind => {
            if let Some(child) = tree.node(node).literal(byte) {
                step_literal(tree, child, 0, byte, next);
            }
            for &child in &tree.node(node).expressions {
                if let Edge::Expression(expression) = tree.node(child).edge {
                    expand(tree, child, expression.begin(byte), next);
                }
            }
        }
    }
}

fn step_literal(tree: &Tree, node: NodeId, read: u32, byte: u8, next: &mut Vec<Reading>) {
    let Edge::Literal(label) = &tree.node(node).edge else {
        return;
    };
    let at = read as usize;
    if label.get(at) != Some(&byte) {
        return;
    }
    if at + 1 == label.len() {
        return arrive(tree, node, next);
    }
    let within = Within::Literal(read + 1);
    next.push(Reading { node, within });
}

fn expand(tree: &Tree, node: NodeId, place: Option<Place>, next: &mut Vec<Reading>) {
    let Some(place) = place else {
        return;
    };
    let within = Within::Expansion(place);
    next.push(Reading { node, within });
    if place.may_end() {
        arrive(tree, node, next);
    }
}
