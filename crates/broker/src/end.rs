//! Why a subscription ends.
//!
//! Next: `subscription.rs`.

/// Says why a subscription has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// Events that it was owed are gone: [`OnLag::Disconnect`](crate::OnLag::Disconnect).
    Lagged,
    /// An event was trimmed while the subscriber was in the middle of it.
    CutShort,
    /// The node is being drained.
    Drained,
    /// Other nodes took this one for dead, and have announced that its subscribers are gone.
    TakenForDead,
    /// The broker is gone.
    Closed,
}
