//! Places of the tree where many expressions begin. In: pieces to be added. Out: whether there are
//! enough already.
//!
//! Next: `../walk.rs`, which has to try all of them.

use alloc::vec;

use super::{Edge, NodeId, ROOT, Tree, common};
use crate::index::MAX_CROWD;
use crate::piece::Piece;

impl Tree {
    /// Whether these pieces would add an expression where there are [`MAX_CROWD`].
    pub(in crate::index) fn is_crowded(&self, pieces: &[Piece]) -> bool {
        let mut node = ROOT;
        for piece in pieces {
            let next = match piece {
                Piece::Literal(text) => self.behind_literal(node, text),
                Piece::Expression(expression) => match self.expression(node, *expression) {
                    None => return self.crowd(node) >= MAX_CROWD,
                    found => found,
                },
            };
            match next {
                Some(next) => node = next,
                // A new node: nothing begins there yet.
                None => return false,
            }
        }
        false
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
