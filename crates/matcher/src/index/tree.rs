//! The tree of an index. In: pieces. Out: nodes, each behind a literal text or an expression. Of the
//! literal texts at one node no two begin with the same byte; of the expressions no two are the same.
//!
//! Next: `tree/crowd.rs` for what is refused, `walk.rs`, which reads a topic along it.

mod crowd;

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::SelectorId;
use crate::expression::Expression;
use crate::piece::{Piece, are_open};

/// A place in the tree's list of nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeId(u32);

pub(super) const ROOT: NodeId = NodeId(0);

#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    free: Vec<NodeId>,
    /// How many nodes are open.
    open: usize,
}

#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) edge: Edge,
    parent: NodeId,
    /// In the order of their first bytes.
    literals: Vec<(u8, NodeId)>,
    pub(super) expressions: Vec<NodeId>,
    /// The selectors that match a topic that ends here.
    pub(super) selectors: Vec<SelectorId>,
    /// Its expression may be read at the same time as one in front of it, and leads further.
    is_open: bool,
}

/// What is read on the way to a node.
#[derive(Debug)]
pub(super) enum Edge {
    /// Never empty, but for the root.
    Literal(Box<[u8]>),
    Expression(Expression),
}

impl Default for Edge {
    fn default() -> Self {
        Self::Literal(Box::default())
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            nodes: vec![Node::default()],
            free: Vec::new(),
            open: 0,
        }
    }
}

impl Node {
    pub(super) fn literal(&self, first: u8) -> Option<NodeId> {
        let at = self
            .literals
            .binary_search_by_key(&first, |(byte, _)| *byte);
        at.ok().map(|at| self.literals[at].1)
    }

    fn set_literal(&mut self, first: u8, node: NodeId) {
        match self
            .literals
            .binary_search_by_key(&first, |(byte, _)| *byte)
        {
            Ok(at) => self.literals[at].1 = node,
            Err(at) => self.literals.insert(at, (first, node)),
        }
    }

    fn unset_literal(&mut self, first: u8) {
        if let Ok(at) = self
            .literals
            .binary_search_by_key(&first, |(byte, _)| *byte)
        {
            self.literals.remove(at);
        }
    }

    fn is_bare(&self) -> bool {
        self.selectors.is_empty() && self.literals.is_empty() && self.expressions.is_empty()
    }
}

impl Tree {
    pub(super) fn is_empty(&self) -> bool {
        self.node(ROOT).is_bare()
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// Adds a selector that matches this text alone, and tells where it ends.
    pub(super) fn insert_text(&mut self, text: &[u8], id: SelectorId) -> NodeId {
        let end = self.after_literal(ROOT, text);
        self.node_mut(end).selectors.push(id);
        end
    }

    /// Adds a selector that matches what can be read as these pieces, and tells where it ends.
    pub(super) fn insert_pieces(&mut self, pieces: &[Piece], id: SelectorId) -> NodeId {
        let mut end = ROOT;
        for (piece, is_open) in pieces.iter().zip(are_open(pieces)) {
            end = match piece {
                Piece::Literal(text) => self.after_literal(end, text),
                Piece::Expression(expression) => self.after_expression(end, *expression),
            };
            if is_open && !self.node(end).is_open {
                self.node_mut(end).is_open = true;
                self.open += 1;
            }
        }
        self.node_mut(end).selectors.push(id);
        end
    }

    /// The node behind this text, made if need be.
    fn after_literal(&mut self, from: NodeId, text: &[u8]) -> NodeId {
        let mut node = from;
        let mut rest = text;
        while let Some(&first) = rest.first() {
            let Some(child) = self.node(node).literal(first) else {
                return self.add(node, Edge::Literal(rest.into()));
            };
            let shared = common(self.label(child), rest);
            node = self.split(child, shared);
            rest = &rest[shared..];
        }
        node
    }

    /// The node behind this expression, made if need be.
    fn after_expression(&mut self, from: NodeId, expression: Expression) -> NodeId {
        let found = self.expression(from, expression);
        found.unwrap_or_else(|| self.add(from, Edge::Expression(expression)))
    }

    fn expression(&self, from: NodeId, wanted: Expression) -> Option<NodeId> {
        let mut children = self.node(from).expressions.iter().copied();
        children.find(
            |child| matches!(self.node(*child).edge, Edge::Expression(found) if found == wanted),
        )
    }

    /// The literal text on the way to a node.
    pub(super) fn label(&self, node: NodeId) -> &[u8] {
        match &self.node(node).edge {
            Edge::Literal(label) => label,
            Edge::Expression(_) => &[],
        }
    }

    fn add(&mut self, parent: NodeId, edge: Edge) -> NodeId {
        let node = Node {
            edge,
            parent,
            ..Node::default()
        };
        let id = match self.free.pop() {
            Some(id) => {
                *self.node_mut(id) = node;
                id
            }
            None => {
                self.nodes.push(node);
                let last = u32::try_from(self.nodes.len() - 1);
                NodeId(last.expect("4 billion nodes do not fit into memory"))
            }
        };
        match self.label(id).first().copied() {
            Some(first) => self.node_mut(parent).set_literal(first, id),
            None => self.node_mut(parent).expressions.push(id),
        }
        id
    }

    /// Makes a node of its own behind the first bytes of a literal text, unless that is all of it.
    fn split(&mut self, node: NodeId, at: usize) -> NodeId {
        let label = self.label(node);
        if at == label.len() {
            return node;
        }
        let (before, behind) = label.split_at(at);
        let (before, behind): (Box<[u8]>, Box<[u8]>) = (before.into(), behind.into());
        let first = behind[0];
        let parent = self.node(node).parent;
        // It takes the node's place with the parent: both begin with the same byte.
        let middle = self.add(parent, Edge::Literal(before));
        self.node_mut(middle).set_literal(first, node);
        let node = self.node_mut(node);
        node.parent = middle;
        node.edge = Edge::Literal(behind);
        middle
    }

    /// Takes a selector out of where it ends, and what only led there out of the tree.
    pub(super) fn remove(&mut self, end: NodeId, id: SelectorId) {
        self.node_mut(end).selectors.retain(|found| *found != id);
        let mut node = end;
        while node != ROOT && self.node(node).is_bare() {
            let parent = self.node(node).parent;
            match self.label(node).first().copied() {
                Some(first) => self.node_mut(parent).unset_literal(first),
                None => self
                    .node_mut(parent)
                    .expressions
                    .retain(|child| *child != node),
            }
            self.close(parent);
            *self.node_mut(node) = Node::default();
            self.free.push(node);
            node = parent;
        }
        self.join(node);
    }

    /// What leads no further is not open any more.
    fn close(&mut self, node: NodeId) {
        let Node {
            literals,
            expressions,
            is_open,
            ..
        } = self.node_mut(node);
        if *is_open && literals.is_empty() && expressions.is_empty() {
            *is_open = false;
            self.open -= 1;
        }
    }

    /// Undoes a split: takes a node out that has only literal text behind it, and nothing else.
    fn join(&mut self, node: NodeId) {
        let Node {
            edge: Edge::Literal(before),
            parent,
            literals,
            expressions,
            selectors,
            ..
        } = self.node(node)
        else {
            return;
        };
        let ([(_, child)], true) = (literals.as_slice(), node != ROOT) else {
            return;
        };
        if !(expressions.is_empty() && selectors.is_empty()) {
            return;
        }
        let (parent, child, first) = (*parent, *child, before[0]);
        let label = [before, self.label(child)].concat();
        self.node_mut(parent).set_literal(first, child);
        let below = self.node_mut(child);
        below.parent = parent;
        below.edge = Edge::Literal(label.into());
        *self.node_mut(node) = Node::default();
        self.free.push(node);
    }
}

/// How many bytes two texts begin with in common.
fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests;
