//! An end that the program makes up its mind about. In: its cause, and what the policy says. Out: the
//! same, and the decision once it is there.
//!
//! Next: back to `end.rs`.

use futures_core::future::BoxFuture;

use crate::outcome::cause::Cause;
use crate::policy::decision::Decision;
use crate::policy::verdict::Verdict;

/// An end, while the program makes up its mind.
pub(super) struct Undecided {
    pub(super) cause: Cause,
    pub(super) standing: Verdict,
    pub(super) decision: BoxFuture<'static, Decision>,
    /// The program wants a restart: the wait that it may decide for ends at once.
    pub(super) restart: bool,
}
