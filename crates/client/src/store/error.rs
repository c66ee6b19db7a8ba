//! In: what went wrong with a store. Out: [`StoreError`], which says what, where and what to do.
//!
//! Next: `recorder.rs`.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::transport::chain;

/// What kind of thing went wrong with a store.
///
/// ```
/// use wellspring::store::{StoreError, StoreErrorKind};
///
/// let error = StoreError::new(StoreErrorKind::Full, "news.db", "no space left");
/// assert_eq!(error.kind(), StoreErrorKind::Full);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another program, or another part of this one, is writing there.
    Locked,
    /// Another program has moved the position of the source meanwhile: two record the same one.
    Conflict,
    /// It is a file of another kind.
    NotAStore,
    /// It was made by a later version of this library.
    NewerVersion,
    /// It has been damaged.
    Corrupt,
    /// There is no space left.
    Full,
    /// It may not be written.
    ReadOnly,
    /// It cannot be opened or made.
    CannotOpen,
    /// More at once than fits into one commit.
    TooLarge,
    /// Anything else.
    Other,
}

impl StoreErrorKind {
    fn what(self) -> &'static str {
        match self {
            Self::Locked => "the store is in use",
            Self::Conflict => "another program has moved the position",
            Self::NotAStore => "this is no event store",
            Self::NewerVersion => "the store is of a later version",
            Self::Corrupt => "the store is damaged",
            Self::Full => "there is no space for the store",
            Self::ReadOnly => "the store cannot be written",
            Self::CannotOpen => "the store cannot be opened",
            Self::TooLarge => "too much for one commit",
            Self::Other => "the store failed",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Locked => "end the other program that writes there, or choose another file",
            Self::Conflict => "let only one program at a time record a source",
            Self::NotAStore => "choose another file, or another kind of store",
            Self::NewerVersion => "use that version or a later one",
            Self::Corrupt => "restore it from a copy, or begin a new one",
            Self::Full => "free some; nothing that was committed is lost",
            Self::ReadOnly => "check the permissions of the file and its folder",
            Self::CannotOpen => "check the path and its permissions",
            Self::TooLarge => "commit fewer events at a time",
            Self::Other => "see the cause",
        }
    }
}

/// A store could not be opened, read or written. Cheap to clone.
///
/// As text it says where and what, `{:#}` the causes as well; [`help`](Self::help) is the advice.
///
/// ```
/// use wellspring::store::{StoreError, StoreErrorKind};
///
/// let error = StoreError::new(StoreErrorKind::Locked, "news.db", "");
/// assert_eq!(
///     error.to_string(),
///     "news.db: the store is in use"
/// );
/// assert_eq!(error.help(), "end the other program that writes there, or choose another file");
/// ```
#[derive(Clone, Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    place: Arc<str>,
    detail: Arc<str>,
    /// Whether `detail` is what the source says.
    told_by_source: bool,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// Creates an error of this kind; `place` is the store, as a path say, and `detail` what happened there.
    /// Either may be empty.
    #[must_use]
    pub fn new(kind: StoreErrorKind, place: &str, detail: &str) -> Self {
        Self {
            kind,
            place: place.into(),
            detail: detail.into(),
            told_by_source: false,
            source: None,
        }
    }

    /// Returns the same error, caused by `source`.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// What the operating system had to say about a file.
    #[cfg_attr(not(feature = "file-store"), expect(dead_code, reason = "no files"))]
    pub(super) fn of_file(error: io::Error, path: &Path) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => StoreErrorKind::Full,
            io::ErrorKind::ReadOnlyFilesystem => StoreErrorKind::ReadOnly,
            io::ErrorKind::NotFound
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::NotADirectory => StoreErrorKind::CannotOpen,
            _ => StoreErrorKind::Other,
        };
        Self::caused_by(kind, &path.display().to_string(), error)
    }

    /// Creates an error of this kind whose detail is what `source` says.
    ///
    /// ```
    /// use wellspring::store::{StoreError, StoreErrorKind};
    ///
    /// let cause = std::io::Error::other("the cable is gone");
    /// let error = StoreError::caused_by(StoreErrorKind::Other, "news.db", cause);
    /// assert_eq!(format!("{error:#}"), "news.db: the store failed: the cable is gone");
    /// ```
    #[must_use]
    pub fn caused_by(
        kind: StoreErrorKind,
        place: &str,
        source: impl Error + Send + Sync + 'static,
    ) -> Self {
        let mut error = Self::new(kind, place, &source.to_string());
        error.told_by_source = true;
        error.with_source(source)
    }

    /// Returns what kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Returns which store; empty when unknown.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.place
    }

    /// Returns what happened there, in a few words; may be empty.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns what to do about it, in a few words.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.kind.advice()
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(self.kind.what())?;
        if !self.detail.is_empty() && (f.alternate() || !self.told_by_source) {
            write!(f, ": {}", self.detail)?;
        }
        match &self.source {
            Some(source) if f.alternate() && !self.told_by_source => {
                write!(f, ": {}", chain(source.as_ref()))
            }
            _ => Ok(()),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref();
        source.map(|source| source as &(dyn Error + 'static))
    }
}
