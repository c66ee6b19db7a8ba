//! Why a command did not do its work.
//!
//! Next: `main.rs`, which says it.

/// What is wrong, and whose fault it is.
pub(crate) enum Problem {
    /// It was called in a way it does not know.
    Usage(String),
    /// Something it needs failed.
    Failed(String),
}
