//! What an engine, its readers and its writer have in common.
//!
//! Next: `writer.rs`, which keeps it up to date; `readers.rs`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_core::future::BoxFuture;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::error;
use super::readers::{self, Readers};
use crate::engine::recent::{Local, Recent};
use crate::engine::{Bounds, EngineError, Page, PageLimits};

/// What the engine, its readers and its writer have in common.
pub(super) struct Shared {
    pub(super) recent: Recent,
    pub(super) readers: Readers,
    /// A permit for each that may read at the same time.
    pub(super) reads: Arc<Semaphore>,
    /// As of the last transaction.
    pub(super) bounds: Mutex<Bounds>,
    pub(super) place: PathBuf,
}

impl Shared {
    pub(super) fn bounds(&self) -> MutexGuard<'_, Bounds> {
        self.bounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EngineError> {
        // Held until it has read, also where no task waits for it any more. It is never closed.
        let permit = Arc::clone(&self.reads).acquire_owned().await;
        let reading = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let read = self.readers.with(read);
            read.map_err(|error| error::of(&error, &self.place))
        });
        reading.await.unwrap_or_else(|_| Err(error::gone()))
    }
}

impl Local for Shared {
    fn recent(&self) -> &Recent {
        &self.recent
    }

    fn page(
        self: Arc<Self>,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'static, Result<Page, EngineError>> {
        Box::pin(async move {
            let shared = Arc::clone(&self);
            let read = move |connection: &Connection| readers::after(connection, after, limits);
            let records = shared.read(read).await?;
            // Taken after reading: the bounds may have moved meanwhile, and never back but with a fork.
            let bounds = self.bounds().clone();
            let first = records.first().map(|first| first.sequence);
            let horizon = match first {
                Some(first) if first > after + 1 => first,
                _ => bounds.horizon,
            };
            Ok(Page::new(
                bounds.lineage.current(),
                records,
                horizon,
                bounds.head,
            ))
        })
    }
}
