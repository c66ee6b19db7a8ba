//! What the calls of an engine and its tails have in common: the connection, and what is known of the
//! stream.
//!
//! Next: `stream.rs`, which looks at the stream.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use wellspring_broker::Retention;

use crate::known::Known;
use crate::names::Names;
use crate::options::NatsOptions;
use crate::requests::Requests;
use crate::view::View;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) requests: Requests,
    pub(crate) names: Names,
    pub(crate) options: NatsOptions,
    /// The largest record, in bytes.
    pub(crate) largest: usize,
    view: Mutex<Arc<View>>,
    known: Mutex<Known>,
    retention: Mutex<Option<Retention>>,
    /// The history may have lost its tail: nothing is appended until that is known.
    suspect: AtomicBool,
    /// Changes when somebody takes an epoch for the one in force that is not.
    pub(crate) strays: watch::Sender<u64>,
    presence_is_there: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new(
        requests: Requests,
        names: Names,
        options: NatsOptions,
        largest: usize,
        view: View,
    ) -> Self {
        Self {
            requests,
            names,
            options,
            largest,
            view: Mutex::new(Arc::new(view)),
            known: Mutex::default(),
            retention: Mutex::default(),
            suspect: AtomicBool::new(false),
            strays: watch::Sender::new(0),
            presence_is_there: AtomicBool::new(false),
        }
    }

    /// The newest view of the stream.
    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&lock(&self.view))
    }

    pub(crate) fn set_view(&self, view: Arc<View>) {
        *lock(&self.view) = view;
    }

    pub(crate) fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }

    pub(crate) fn retention(&self) -> Option<Retention> {
        *lock(&self.retention)
    }

    pub(crate) fn set_retention(&self, retention: Retention) {
        *lock(&self.retention) = Some(retention);
    }

    pub(crate) fn is_suspect(&self) -> bool {
        self.suspect.load(Ordering::Relaxed)
    }

    pub(crate) fn set_suspect(&self, suspect: bool) {
        self.suspect.store(suspect, Ordering::Relaxed);
    }

    pub(crate) fn has_presence(&self) -> bool {
        self.presence_is_there.load(Ordering::Relaxed)
    }

    pub(crate) fn set_presence(&self, is_there: bool) {
        self.presence_is_there.store(is_there, Ordering::Relaxed);
    }
}
