//! Why an engine cannot be read or written.
//!
//! Next: `../engine.rs`.

use std::error::Error;
use std::fmt;

/// Reports that a call of an engine failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    kind: EngineErrorKind,
    message: String,
}

/// Says which kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineErrorKind {
    /// The engine cannot be reached at the moment, or is too slow.
    Unavailable,
    /// There is no room left.
    Full,
    /// The stored data is damaged, or is not a history.
    Corrupt,
    /// The stored data was written by a newer version.
    NewerVersion,
    /// Another process uses it.
    InUse,
    /// It cannot be set up with this configuration.
    Configuration,
    /// Anything else.
    Other,
}

impl EngineError {
    /// Returns an error of this kind. The message says what is wrong, where, and what to do.
    #[must_use]
    pub fn new(kind: EngineErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// Returns the kind of the error.
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
