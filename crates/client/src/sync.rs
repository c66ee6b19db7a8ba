//! Locks. In: a mutex. Out: what it guards, whether or not a thread has panicked while it held it.
//!
//! Next: back to `driver/shared.rs`.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic elsewhere leaves nothing half done behind these locks.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
