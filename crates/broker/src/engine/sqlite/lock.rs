//! One process has a folder at a time. In: a folder. Out: a connection that holds it.
//!
//! SQLite's own locks on a file beside the database do it: they go with the process, however it ends.
//!
//! Next: `schema.rs`.

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

use super::error;
use crate::engine::{EngineError, EngineErrorKind};

pub(super) fn take(folder: &Path) -> Result<Connection, EngineError> {
    let place = folder.join("lock.db");
    let taken = Connection::open(&place).and_then(|connection| {
        connection.pragma_update(None, "journal_mode", "memory")?;
        connection.execute_batch("BEGIN EXCLUSIVE")?;
        Ok(connection)
    });
    taken.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            let folder = folder.display();
            let message = format!("{folder}: in use by another process; stop that one first");
            EngineError::new(EngineErrorKind::InUse, message)
        }
        _ => error::of(&error, &place),
    })
}
