//! An option as the file or the environment has it.
//!
//! Next: `mercure.rs`.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// Without the dashes.
    pub(super) name: String,
    /// None for one that is only there or not.
    pub(super) value: Option<String>,
}
