//! A source that is stored. In: a source, a store, and a key. Out: the source's signals; behind them,
//! events and position are committed together, at most 50 ms late.
//!
//! An event counts as consumed when the program asks for the next one, and is committed only then.
//!
//! Next: `recorder/batch.rs`, what waits to be committed; `recorder/writer.rs`, who commits it.

mod batch;
mod error;
mod writer;

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use wellspring_proto::{EventRef, Item};

use self::batch::Batch;
use self::writer::Writer;
use super::{Store, StoreError};
use crate::outcome::error::Error;
use crate::source::builder::EventSourceBuilder;
use crate::source::event_source::{EventSource, TurnKind};
use crate::source::signal::Signal;

pub use self::error::RecorderError;

/// An event source whose events and position are kept in a [`Store`]: it begins at the stored
/// position, and a program that is killed and started again goes on where it was.
///
/// Commits are made per batch: 50 ms after the first event of a batch, or when 1,024 events or 1 MiB
/// of text have come. They run on threads of tokio's that may block, one at a time; while a batch is
/// committed the next one fills, and once that is full nothing more is read. Nothing happens while
/// the program does not ask for signals.
///
/// Dropping it leaves uncommitted what came in the last 50 ms; the server sends it again next time.
/// [`finish`](Self::finish) commits it, and gives the store back: to drop a store may block, and where a
/// `Recorder` is dropped its store is too, unless a commit is under way. See [`Store`] for when each event is stored exactly once.
///
/// ```no_run
/// # #[cfg(feature = "file-store")]
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use wellspring::EventSource;
/// use wellspring::store::{FileStore, Recorder};
///
/// let url = "https://example.com/stream";
/// let store = FileStore::open("news.events")?;
/// let mut recorder = Recorder::resume(EventSource::builder(url), store, url).await?;
/// while let Some(event) = recorder.next().await {
///     println!("{}", event?.data);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Recorder<S: Store> {
    source: EventSource,
    writer: Writer<S>,
    batch: Batch,
    /// The source has ended, by this error if there is one.
    ended: Option<Option<Error>>,
}

impl<S: Store> Recorder<S> {
    /// Reads the position of `key` in `store` and builds a source that resumes there; where nothing
    /// is stored, one that begins as `builder` says.
    ///
    /// # Errors
    /// The store cannot be read, or the source cannot be built.
    pub async fn resume(
        builder: EventSourceBuilder,
        store: S,
        key: &str,
    ) -> Result<Self, RecorderError> {
        let mut writer = Writer::new(store, key);
        let builder = match writer.position().await.map_err(RecorderError::Store)? {
            Some(position) => builder.last_event_id(position),
            None => builder,
        };
        Ok(Self {
            source: builder.build().map_err(RecorderError::Build)?,
            writer,
            batch: Batch::default(),
            ended: None,
        })
    }

    /// Returns the source: for its handle, say, or its last event ID.
    #[must_use]
    pub fn source(&self) -> &EventSource {
        &self.source
    }

    /// Returns the next event, of whatever type, lent until the next call; `None` when the source is closed
    /// and everything is committed. May be dropped and called again without losing an event.
    ///
    /// # Errors
    /// The source has failed for good, and `None` follows; or the store has: then the next call
    /// tries to commit the same events again.
    pub async fn next(&mut self) -> Option<Result<EventRef<'_>, RecorderError>> {
        loop {
            match poll_fn(|cx| self.poll_turn_kind(cx)).await? {
                Err(error) => return Some(Err(error)),
                Ok(TurnKind::Item) if matches!(self.source.peek(), Some(Item::Event(_))) => break,
                Ok(kind) => {
                    self.source.lend(kind);
                }
            }
        }
        match self.source.lend(TurnKind::Item)? {
            Signal::Message(event) => Some(Ok(event)),
            _ => None,
        }
    }

    /// Returns the next signal, of whatever kind, lent until the next call; otherwise like
    /// [`next`](Self::next).
    ///
    /// # Errors
    /// As for `next`.
    pub async fn next_signal(&mut self) -> Option<Result<Signal<'_>, RecorderError>> {
        match poll_fn(|cx| self.poll_turn_kind(cx)).await? {
            Ok(kind) => self.source.lend(kind).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Commits what has been taken, without waiting for the batch to fill.
    ///
    /// # Errors
    /// The store failed; the events are kept, and committed at the next occasion.
    pub async fn commit(&mut self) -> Result<(), StoreError> {
        poll_fn(|cx| self.poll_commit(cx)).await
    }

    /// Closes the source, commits what has been taken, and gives the store back.
    ///
    /// # Errors
    /// The store failed: what came in the last 50 ms is not in it.
    pub async fn finish(mut self) -> Result<S, StoreError> {
        self.source.close();
        self.commit().await?;
        self.writer.into_store()
    }

    /// The next turn; what it brings is in the batch when this returns.
    fn poll_turn_kind(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<TurnKind, RecorderError>>> {
        loop {
            if self.ended.is_some() {
                if let Err(error) = ready!(self.poll_commit(cx)) {
                    return Poll::Ready(Some(Err(RecorderError::Store(error))));
                }
                let error = self.ended.as_mut().and_then(Option::take);
                return Poll::Ready(error.map(|error| Err(RecorderError::Source(error))));
            }
            if let Poll::Ready(Err(error)) = self.writer.poll_idle(cx, &mut self.batch) {
                return Poll::Ready(Some(Err(RecorderError::Store(error))));
            }
            if self.batch.is_due(cx) && self.writer.begin(&mut self.batch) {
                continue;
            }
            if self.batch.is_full() {
                return Poll::Pending;
            }
            match ready!(self.source.poll_turn_kind(cx)) {
                None => self.ended = Some(None),
                Some(Err(error)) => self.ended = Some(Some(error)),
                Some(Ok(kind)) => {
                    if matches!(kind, TurnKind::Item) {
                        self.keep_item();
                    }
                    return Poll::Ready(Some(Ok(kind)));
                }
            }
        }
    }

    /// The item in front goes into the batch before the program has it.
    fn keep_item(&mut self) {
        match self.source.peek() {
            Some(Item::Event(event)) => self.batch.add_event(event),
            Some(Item::LastEventId(id)) => self.batch.set_position(id),
            _ => {}
        }
    }

    /// Until nothing waits.
    fn poll_commit(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), StoreError>> {
        loop {
            ready!(self.writer.poll_idle(cx, &mut self.batch))?;
            if self.batch.is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.writer.begin(&mut self.batch);
        }
    }
}

impl<S: Store> fmt::Debug for Recorder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("source", &self.source)
            .field("uncommitted", &self.batch.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
