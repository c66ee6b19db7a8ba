//! Why a subscription ends.
//!
//! Next: `subscription.rs`.

/// Says why a subscription has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// Events that it should have got have left the history: [`OnLag::Disconnect`](crate::OnLag::Disconnect).
    Lagged,
    /// An event was trimmed while the subscriber was in the middle of it.
    CutShort,
    /// The node is being drained.
    Drained,
    /// The node's lease expired, so that other nodes have announced its subscribers as gone.
    TakenForDead,
    /// The last handle of the broker was dropped.
    Closed,
}
