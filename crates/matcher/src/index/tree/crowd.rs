//! Places of the tree where many expressions are read at once. In: pieces to be added. Out: whether
//! there are enough already.
//!
//! Next: `../walk.rs`, which has to try all of them.

use alloc::vec;

use super::{Edge, NodeId, ROOT, Tree, common};
use crate::index::MAX_CROWD;
use crate::piece::{Piece, are_open};

impl Tree {
    /// Whether these pieces would add an expression where there are [`MAX_CROWD`] that begin, or that
    /// are open.
    pub(in crate::index) fn is_crowded(&self, pieces: &[Piece]) -> bool {
        let (mut node, mut open) = (Some(ROOT), self.open);
        for (piece, is_open) in pieces.iter().zip(are_open(pieces)) {
            let from = node;
            node = from.and_then(|from| self.behind(from, piece));
            let is_new = matches!((piece, node), (Piece::Expression(_), None));
            // Where the node in front is new too, nothing begins yet.
            if is_new && from.is_some_and(|from| self.crowd(from) >= MAX_CROWD) {
                return true;
            }
            let was_open = node.is_some_and(|node| self.node(node).is_open);
            open += usize::from(is_open && !was_open);
        }
        open > MAX_CROWD.max(self.open)
    }

    fn behind(&self, from: NodeId, piece: &Piece) -> Option<NodeId> {
        match piece {
            Piece::Literal(text) => self.behind_literal(from, text),
            Piece::Expression(expression) => self.expression(from, *expression),
        }
    }

    /// The node behind this text, if there is one.
    fn behind_literal(&self, from: NodeId, text: &[u8]) -> Option<NodeId> {
        let mut node = from;
        let mut rest = text;
        while let Some(&first) = rest.first() {
            node = self.node(node).literal(first)?;
            let label = self.label(node);
            rest = (common(label, rest) == label.len()).then(|| &rest[label.len()..])?;
        }
        Some(node)
    }

    /// How many expressions have to be tried wherever a topic comes by this node: an expression may be
    /// empty, so that those behind it begin at the same place.
    fn crowd(&self, node: NodeId) -> usize {
        let mut first = node;
        while let Edge::Expression(_) = self.node(first).edge {
            first = self.node(first).parent;
        }
        let mut count = 0;
        let mut open = vec![first];
        while let Some(node) = open.pop() {
            let expressions = &self.node(node).expressions;
            count += expressions.len();
            open.extend(expressions);
        }
        count
    }
}
