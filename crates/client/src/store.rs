//! Storage that resumes. In: events, and the position behind them. Out: both on disk, or neither; and
//! a source that goes on from there when the program starts again.
//!
//! Next: `recorder.rs` couples a source to a store; `file.rs` is one; the crate `wellspring-sqlite` has another.

mod error;
#[cfg(feature = "file-store")]
mod file;
mod recorder;

use std::time::SystemTime;

use wellspring_proto::{Event, EventRef};

pub use self::error::{StoreError, StoreErrorKind};
#[cfg(feature = "file-store")]
pub use self::file::FileStore;
pub use self::recorder::{Recorder, RecorderError};

/// Where events and the position of their source are kept together, so that a program that is
/// started again goes on where it was (HTML Standard 9.2.1).
///
/// A position is the last event ID string of the last event that the program has consumed, or one
/// that the server set without an event ([`Signal::LastEventId`](crate::Signal::LastEventId)). A source
/// is named by a key that the program chooses, such as its URL without credentials.
///
/// # Exactly once
/// Each event is stored exactly once, in order, when every event has an id of its own and the server
/// resumes after the id it is given. Otherwise:
/// - Events without an id leave the position where it was: after a crash the server repeats those
///   since the last id, and they are stored twice.
/// - Two events with the same id are one position: if only the first was stored, the second is lost.
/// - Without any id, or with ids that no header can carry, nothing is resumed: what was sent while
///   the program was away is missing, unless the server repeats events of its own accord.
///
/// The methods block; [`Recorder`] calls them on threads where that is allowed.
///
/// ```
/// use wellspring::Event;
/// use wellspring::store::{Store, StoreError};
///
/// /// Forgets everything at the end of the program.
/// #[derive(Default)]
/// struct Memory {
///     events: Vec<Event>,
///     position: Option<String>,
/// }
///
/// impl Store for Memory {
///     fn position(&mut self, _source: &str) -> Result<Option<String>, StoreError> {
///         Ok(self.position.clone())
///     }
///
///     fn commit(&mut self, _source: &str, events: &[Event], position: &str) -> Result<(), StoreError> {
///         self.events.extend_from_slice(events);
///         self.position = Some(position.to_owned());
///         Ok(())
///     }
/// }
///
/// let mut store = Memory::default();
/// store.commit("prices", &[Event::new("", "hello", "7")], "7")?;
/// assert_eq!(store.position("prices")?.as_deref(), Some("7"));
/// # Ok::<(), StoreError>(())
/// ```
pub trait Store: Send + 'static {
    /// The position of this source; `None` when nothing was ever committed for it.
    ///
    /// # Errors
    /// The store cannot be read.
    fn position(&mut self, source: &str) -> Result<Option<String>, StoreError>;

    /// Adds the events, which may be none, and moves the position: all of it or nothing.
    ///
    /// # Errors
    /// Nothing was committed.
    fn commit(&mut self, source: &str, events: &[Event], position: &str) -> Result<(), StoreError>;
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn position(&mut self, source: &str) -> Result<Option<String>, StoreError> {
        (**self).position(source)
    }

    fn commit(&mut self, source: &str, events: &[Event], position: &str) -> Result<(), StoreError> {
        (**self).commit(source, events, position)
    }
}

/// An event as a store has it, lent while it is read back.
///
/// ```
/// use wellspring::store::StoredEvent;
///
/// fn print(stored: &StoredEvent<'_>) {
///     println!("{} {}", stored.sequence, stored.event.data);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredEvent<'a> {
    /// Its number in the store: it grows in the order of storing, from 1, over all sources.
    pub sequence: u64,
    /// When it was committed, to the millisecond.
    pub stored_at: SystemTime,
    /// The event.
    pub event: EventRef<'a>,
}

impl<'a> StoredEvent<'a> {
    /// Puts the three together, for stores of others.
    #[must_use]
    pub fn new(sequence: u64, stored_at: SystemTime, event: EventRef<'a>) -> Self {
        Self {
            sequence,
            stored_at,
            event,
        }
    }
}

/// What a commit outlives.
///
/// ```
/// assert_eq!(wellspring::store::Durability::default(), wellspring::store::Durability::Disk);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Durability {
    /// A power failure: each commit waits until the disk has it. With the 50 ms of a [`Recorder`]
    /// that is at most twenty waits a second.
    #[default]
    Disk,
    /// The end of the program, also by `kill -9`, but not that of the machine: the operating system
    /// writes when it likes.
    OperatingSystem,
}

/// Milliseconds since 1970; times before count as 1970.
#[cfg(feature = "file-store")]
fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// The time so many milliseconds after 1970, or 1970 when there is no such time.
#[cfg(feature = "file-store")]
fn time_of(milliseconds: u64) -> SystemTime {
    let since = std::time::Duration::from_millis(milliseconds);
    let time = SystemTime::UNIX_EPOCH.checked_add(since);
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(all(test, feature = "file-store"))]
mod tests;
