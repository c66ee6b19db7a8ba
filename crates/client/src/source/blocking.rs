//! The source for programs without a runtime. In: a source. Out: an iterator.
//!
//! Next: the examples.

use std::fmt;
use std::io;

use tokio::runtime::{Builder, Runtime};
use wellspring_proto::{Event, EventRef};

use crate::outcome::error::Error;
use crate::source::event_source::EventSource;
use crate::source::signal::Signal;

/// An event source as an iterator that blocks the thread until there is an event.
///
/// ```no_run
/// let source = wellspring::EventSource::new("https://example.com/stream")?;
/// for event in source.into_blocking()? {
///     println!("{}", event?.data());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Blocking {
    source: EventSource,
    /// There until drop.
    runtime: Option<Runtime>,
}

const HAS_LISTENERS: &str = "the source has handlers or listeners, which an iterator never calls: \
                             remove them and take the events from the iterator, or call run() on a runtime";

impl EventSource {
    /// Turns the source into an iterator with a small runtime of its own, on the calling thread.
    /// Not for use inside an asynchronous task: there tokio panics rather than block.
    ///
    /// # Errors
    /// The operating system refuses what a runtime needs; or the source has handlers or listeners, which an
    /// iterator would never call.
    pub fn into_blocking(self) -> io::Result<Blocking> {
        if self.handle().shared.has_listeners() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, HAS_LISTENERS));
        }
        has_room_for_runtime()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Blocking {
            source: self,
            runtime: Some(runtime),
        })
    }
}

/// Checks that the operating system has room for one more tokio runtime: for the three pairs of sockets that one opens
/// where the program uses tokio's signals.
///
/// tokio panics where it may not open them. So as much is opened here, and closed again.
///
/// ```
/// use tokio::runtime::Builder;
///
/// wellspring::has_room_for_runtime()?;
/// let runtime = Builder::new_current_thread().enable_all().build()?;
/// # drop(runtime);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The operating system refuses, mostly because the program has as many files open as it may.
pub fn has_room_for_runtime() -> io::Result<()> {
    #[cfg(unix)]
    {
        let opened = [(); 3].map(|()| std::os::unix::net::UnixStream::pair());
        opened.into_iter().try_for_each(|pair| pair.map(drop))?;
    }
    Ok(())
}

impl Blocking {
    /// Returns the source, for its handle and its last event ID.
    #[must_use]
    pub fn source(&self) -> &EventSource {
        &self.source
    }

    /// Returns the next event, lent until the next call: no copy.
    ///
    /// # Errors
    /// The source has failed for good; `None` follows.
    #[inline]
    pub fn next_lent(&mut self) -> Option<Result<EventRef<'_>, Error>> {
        if self.source.has_ready() {
            return self.source.take_ready().map(Ok);
        }
        let runtime = self.runtime.as_ref()?;
        runtime.block_on(self.source.next())
    }
}

impl Blocking {
    /// Returns the next of everything that happens, events included, lent until the next call: the connection that
    /// opens, is lost and waits, and comments if they are asked for. May be mixed with the events.
    ///
    /// ```no_run
    /// use wellspring::{EventSource, Signal};
    ///
    /// let mut source = EventSource::new("https://example.com/stream")?.into_blocking()?;
    /// while let Some(signal) = source.next_signal() {
    ///     if let Signal::Reconnecting(lost) = signal? {
    ///         eprintln!("{lost}");
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The source has failed for good; `None` follows.
    pub fn next_signal(&mut self) -> Option<Result<Signal<'_>, Error>> {
        let runtime = self.runtime.as_ref()?;
        runtime.block_on(self.source.next_signal())
    }
}

/// Waits for nothing: not for a name server that does not answer.
impl Drop for Blocking {
    fn drop(&mut self) {
        self.source.close();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Iterator for Blocking {
    type Item = Result<Event, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let event = self.next_lent()?;
        Some(event.map(|event| event.to_event()))
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.source).finish()
    }
}
