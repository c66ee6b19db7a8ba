//! In: an error of SQLite's. Out: what it means for a reader, or for a batch.
//!
//! Next: back to `../sqlite.rs`.

use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Error, ErrorCode, ffi};

use crate::engine::{AppendOutcome, EngineError, EngineErrorKind, Refusal};

/// When to try again what a full disk refused.
const RETRY_AFTER: Duration = Duration::from_secs(5);

pub(super) fn of(error: &Error, place: &Path) -> EngineError {
    let (kind, advice) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (EngineErrorKind::Full, "make room on the disk"),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => (
            EngineErrorKind::Corrupt,
            "damaged, or no history; restore it from a backup, or begin with an empty folder",
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => (
            EngineErrorKind::Configuration,
            "let this process read and write it",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (EngineErrorKind::InUse, "another program has it open")
        }
        _ => (EngineErrorKind::Other, "cannot be used"),
    };
    let place = place.display();
    EngineError::new(kind, format!("{place}: {advice} ({error})"))
}

pub(super) fn folder(error: &io::Error, folder: &Path) -> EngineError {
    let folder = folder.display();
    let message = format!("{folder}: the folder cannot be made: {error}");
    EngineError::new(EngineErrorKind::Configuration, message)
}

/// What is stored cannot be what was written.
pub(super) fn damaged() -> Error {
    let code = ffi::Error::new(ffi::SQLITE_CORRUPT);
    Error::SqliteFailure(code, Some("its numbers do not fit each other".to_owned()))
}

/// The thread that writes is not there any more.
pub(super) fn gone() -> EngineError {
    EngineError::new(EngineErrorKind::Unavailable, "the history is closed")
}

/// What a failed transaction means for those whose records were in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing of it is stored, and the next one may be.
    Refused(String),
    /// It is open what is stored; what was written before may be at fault too. Nothing more is written.
    Stop(String),
}

impl Verdict {
    pub(super) fn of(error: &Error, place: &Path) -> Self {
        let reason = of(error, place).to_string();
        let code = match error {
            Error::SqliteFailure(failure, _) => failure.extended_code,
            _ => 0,
        };
        match code {
            // After a failed fsync the next one says nothing of what was written before it.
            ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC => Self::Stop(reason),
            _ => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Stop(reason),
                _ => Self::Refused(reason),
            },
        }
    }

    pub(super) fn outcome(&self) -> AppendOutcome {
        match self {
            Self::Refused(reason) => AppendOutcome::Refused(Refusal::Unavailable {
                reason: reason.clone(),
                retry_after: RETRY_AFTER,
            }),
            Self::Stop(_) => AppendOutcome::InDoubt,
        }
    }

    pub(super) fn error(&self) -> EngineError {
        let (Self::Refused(reason) | Self::Stop(reason)) = self;
        EngineError::new(EngineErrorKind::Unavailable, reason.as_str())
    }
}
