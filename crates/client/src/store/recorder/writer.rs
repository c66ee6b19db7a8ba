//! Who commits. In: a store, its key, batches. Out: commits, one at a time, on threads that may block.
//!
//! Next: `../sqlite.rs`, `../file.rs`.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;

use super::batch::Batch;
use crate::store::{Store, StoreError, StoreErrorKind};

pub(super) struct Writer<S: Store> {
    key: Arc<str>,
    state: State<S>,
}

enum State<S: Store> {
    Idle(S),
    /// The program's task may be dropped meanwhile: the commit is finished all the same.
    Committing(BoxFuture<'static, Option<Committed<S>>>),
    /// A store that panicked is gone.
    Lost,
}

struct Committed<S> {
    store: S,
    batch: Batch,
    result: Result<(), StoreError>,
}

impl<S: Store> Writer<S> {
    pub(super) fn new(store: S, key: &str) -> Self {
        Self {
            key: key.into(),
            state: State::Idle(store),
        }
    }

    pub(super) async fn position(&mut self) -> Result<Option<String>, StoreError> {
        let State::Idle(mut store) = std::mem::replace(&mut self.state, State::Lost) else {
            return Err(lost());
        };
        let key = Arc::clone(&self.key);
        let read = on_blocking_thread(move || {
            let position = store.position(&key);
            (store, position)
        });
        let (store, position) = read.await.ok_or_else(lost)?;
        self.state = State::Idle(store);
        position
    }

    /// Starts to commit the batch, unless another one is being committed.
    pub(super) fn begin(&mut self, batch: &mut Batch) -> bool {
        if !matches!(self.state, State::Idle(_)) {
            return false;
        }
        let State::Idle(mut store) = std::mem::replace(&mut self.state, State::Lost) else {
            return false;
        };
        let (key, batch) = (Arc::clone(&self.key), batch.take());
        let commit = move || {
            let result = store.commit(&key, &batch.events, &batch.position);
            Committed {
                store,
                batch,
                result,
            }
        };
        self.state = State::Committing(on_blocking_thread(commit));
        true
    }

    /// Waits until nothing is being committed. What could not be goes back into the batch.
    pub(super) fn poll_idle(
        &mut self,
        cx: &mut Context<'_>,
        batch: &mut Batch,
    ) -> Poll<Result<(), StoreError>> {
        let committed = match &mut self.state {
            State::Idle(_) => return Poll::Ready(Ok(())),
            State::Lost => return Poll::Ready(Err(lost())),
            State::Committing(committing) => ready!(committing.as_mut().poll(cx)),
        };
        let Some(committed) = committed else {
            self.state = State::Lost;
            return Poll::Ready(Err(lost()));
        };
        self.state = State::Idle(committed.store);
        if committed.result.is_err() {
            batch.put_back(committed.batch);
        }
        Poll::Ready(committed.result)
    }

    pub(super) fn into_store(self) -> Result<S, StoreError> {
        match self.state {
            State::Idle(store) => Ok(store),
            _ => Err(lost()),
        }
    }
}

/// On this thread where there is no runtime; `None` when it panics, or the runtime ends before it begins.
fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> BoxFuture<'static, Option<T>> {
    match Handle::try_current() {
        Ok(runtime) => {
            let working = runtime.spawn_blocking(work);
            Box::pin(async move { working.await.ok() })
        }
        Err(_) => Box::pin(std::future::ready(Some(work()))),
    }
}

fn lost() -> StoreError {
    let detail = "a call to it panicked, or the runtime is gone";
    StoreError::new(StoreErrorKind::Other, "", detail)
}
