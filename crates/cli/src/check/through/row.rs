//! One thing that was compared. In: how it was on each way, and what is to be said of it. Out: a [`Row`].
//!
//! Next: `report.rs`.

use super::super::finding::Finding;

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct Row {
    /// `ok` if the way changes nothing; its text is empty where both columns say it all.
    pub(in crate::check) finding: Finding,
    pub(in crate::check) direct: String,
    pub(in crate::check) through: String,
}

impl Row {
    pub(super) fn new(
        finding: Finding,
        direct: impl Into<String>,
        through: impl Into<String>,
    ) -> Self {
        Self {
            finding,
            direct: direct.into(),
            through: through.into(),
        }
    }
}
