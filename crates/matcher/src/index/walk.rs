//! A topic on its way through the tree. In: the tree and a topic. Out: the selectors at the nodes where
//! a way of reading the topic ends with it.
//!
//! Literal text is compared at once, and its node reached as many bytes later; expansions are read a
//! byte at a time. At each byte a node is arrived at once, however many ways lead there.
//!
//! Next: `../piece.rs` does the same for one selector.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::mem::swap;

use super::SelectorId;
use super::tree::{Edge, NodeId, ROOT, Tree};
use crate::expression::{Expression, Place};

/// A way of reading the topic that is in the expansion of a node's expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reading {
    node: NodeId,
    place: Place,
}

/// The memory of a walk, for the next one.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// In the order of their nodes, each once.
    readings: Vec<Reading>,
    /// Those of the byte behind.
    next: Vec<Reading>,
    /// Where literal text that was compared ends, and its node.
    ahead: BinaryHeap<Reverse<(usize, NodeId)>>,
    /// Nodes that were arrived at, to be gone on from.
    open: Vec<NodeId>,
}

impl Walk {
    /// Adds the selectors that match; one may be there twice.
    pub(super) fn walk(&mut self, tree: &Tree, topic: &[u8], found: &mut Vec<SelectorId>) {
        self.readings.clear();
        self.ahead.clear();
        self.open.clear();
        self.open.push(ROOT);
        let mut at = 0;
        loop {
            self.arrive(tree, topic, at, found);
            let Some(&byte) = topic.get(at) else {
                return;
            };
            self.read(tree, byte);
            at = match self.ahead.peek() {
                _ if !self.readings.is_empty() => at + 1,
                Some(Reverse((ahead, _))) => *ahead,
                None => return,
            };
            self.open_what_ends(at);
        }
    }

    /// Collects the nodes that are reached here, each once.
    fn open_what_ends(&mut self, at: usize) {
        while let Some(&Reverse((_, node))) = self.ahead.peek().filter(|ahead| ahead.0.0 == at) {
            self.ahead.pop();
            self.open.push(node);
        }
        for reading in self.readings.iter().filter(|r| r.place.may_end()) {
            // Of one node they stand side by side.
            if self.open.last() != Some(&reading.node) {
                self.open.push(reading.node);
            }
        }
    }

    /// Goes on from the nodes that were reached, and from those behind them, as far as expressions may
    /// be empty.
    fn arrive(&mut self, tree: &Tree, topic: &[u8], at: usize, found: &mut Vec<SelectorId>) {
        let rest = topic.get(at..).unwrap_or_default();
        while let Some(id) = self.open.pop() {
            let node = tree.node(id);
            match rest.first() {
                None => found.extend(&node.selectors),
                Some(&first) => {
                    let literal = node.literal(first);
                    let literal = literal.map(|child| (tree.label(child), child));
                    if let Some((label, child)) = literal.filter(|found| rest.starts_with(found.0))
                    {
                        self.ahead.push(Reverse((at + label.len(), child)));
                    }
                }
            }
            for &child in &node.expressions {
                let begun = rest
                    .first()
                    .and_then(|first| expression(tree, child)?.begin(*first));
                self.next
                    .extend(begun.map(|place| Reading { node: child, place }));
                if !self.ends_here(child) {
                    self.open.push(child);
                }
            }
        }
    }

    /// Whether it is arrived at by a way of reading that was in its expansion.
    fn ends_here(&self, node: NodeId) -> bool {
        let begin = self.readings.partition_point(|reading| reading.node < node);
        let mut own = self.readings[begin..]
            .iter()
            .take_while(|reading| reading.node == node);
        own.any(|reading| reading.place.may_end())
    }

    /// Reads a byte in each expansion.
    fn read(&mut self, tree: &Tree, byte: u8) {
        for &Reading { node, place } in &self.readings {
            let place = expression(tree, node).and_then(|found| found.step(place, byte));
            self.next.extend(place.map(|place| Reading { node, place }));
        }
        self.next.sort_unstable();
        self.next.dedup();
        swap(&mut self.readings, &mut self.next);
        self.next.clear();
    }
}

fn expression(tree: &Tree, node: NodeId) -> Option<Expression> {
    match tree.node(node).edge {
        Edge::Expression(expression) => Some(expression),
        Edge::Literal(_) => None,
    }
}
