//! In: an error of SQLite's. Out: [`StoreError`].
//!
//! Next: back to `store.rs`.

use rusqlite::{Error, ErrorCode};

use wellspring::store::{StoreError, StoreErrorKind};

pub(super) fn of(error: Error, place: &str) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Locked,
        Some(ErrorCode::NotADatabase) => StoreErrorKind::NotAStore,
        Some(ErrorCode::DatabaseCorrupt) => StoreErrorKind::Corrupt,
        Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
        Some(ErrorCode::ReadOnly) => StoreErrorKind::ReadOnly,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreErrorKind::CannotOpen,
        Some(ErrorCode::TooBig) => StoreErrorKind::TooLarge,
        _ => StoreErrorKind::Other,
    };
    StoreError::caused_by(kind, place, error)
}
