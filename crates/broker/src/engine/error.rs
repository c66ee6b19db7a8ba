//! Why an engine cannot be read or written.
//!
//! Next: `../engine.rs`.

use std::error::Error;
use std::fmt;

/// Reports that an engine could not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    kind: EngineErrorKind,
    message: String,
}

/// Says what kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineErrorKind {
    /// It is not there at the moment, or too slow.
    Unavailable,
    /// There is no room left.
    Full,
    /// What is stored is damaged, or is something else.
    Corrupt,
    /// What is stored was written by a newer version.
    NewerVersion,
    /// Another process has it.
    InUse,
    /// It cannot be set up as it was asked for.
    Configuration,
    /// Anything else.
    Other,
}

impl EngineError {
    /// Puts a kind and a sentence together: what is wrong, where, and what to do.
    #[must_use]
    pub fn new(kind: EngineErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// Returns what kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> EngineErrorKind {
        self.kind
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for EngineError {}
