//! In: what went wrong with the source or with the store. Out: [`RecorderError`], which keeps them apart.
//!
//! Next: back to `../recorder.rs`.

use std::error::Error as StdError;
use std::fmt;

use crate::outcome::error::Error;
use crate::source::builder::error::BuildError;
use crate::store::StoreError;

/// A [`Recorder`](super::Recorder) cannot go on, or cannot commit.
///
/// ```
/// use wellspring::store::RecorderError;
///
/// fn is_final(error: &RecorderError) -> bool {
///     !matches!(error, RecorderError::Store(_))
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RecorderError {
    /// The source cannot be built.
    Build(BuildError),
    /// The source has failed for good; all that came is committed.
    Source(Error),
    /// The store has failed.
    Store(StoreError),
}

impl RecorderError {
    /// Returns what to do about it, where there is anything.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Build(_) => None,
            Self::Source(error) => error.help(),
            Self::Store(error) => Some(error.help()),
        }
    }
}

impl fmt::Display for RecorderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(error) => error.fmt(f),
            Self::Source(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl StdError for RecorderError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Build(error) => error.source(),
            Self::Source(error) => error.source(),
            Self::Store(error) => error.source(),
        }
    }
}
