//! The part of a source that can be held anywhere. In: calls from any thread, from inside a handler
//! too. Out: a source that closes, reconnects, is watched, has other listeners.
//!
//! Next: `../dom/listeners.rs`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use wellspring_proto::ReadyState;

use crate::dom::event::DomEvent;
use crate::dom::listeners::{Handler, ListenerId};
use crate::driver::counters::Counters;
use crate::driver::shared::Shared;
use crate::outcome::ended::Ended;
use crate::outcome::opened::Opened;

/// Controls an [`EventSource`](crate::EventSource) from wherever it is kept; cheap to clone.
///
/// A source has methods of the same names.
///
/// ```
/// use wellspring::{EventSource, ReadyState};
///
/// let source = EventSource::new("https://example.com/stream")?;
/// let handle = source.handle().clone();
/// assert_eq!(handle.ready_state(), ReadyState::Connecting);
/// handle.close();
/// assert_eq!(source.ready_state(), ReadyState::Closed);
/// # Ok::<(), wellspring::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Handle {
    pub(crate) shared: Arc<Shared>,
}

impl Handle {
    /// Returns `url`: the serialization of the URL given at construction; redirects do not change it.
    #[must_use]
    pub fn url(&self) -> &str {
        self.shared.url.as_str()
    }

    /// Returns `withCredentials`, as given at construction.
    #[must_use]
    pub fn with_credentials(&self) -> bool {
        self.shared.with_credentials
    }

    /// Returns `readyState`, as far as what happened has been delivered.
    #[must_use]
    pub fn ready_state(&self) -> ReadyState {
        self.shared.ready_state()
    }

    /// Returns the last event ID string as of the events that the source has handed on. Events that came
    /// together move it together: inside a handler, the event's own is the one to use.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut source = wellspring::EventSource::from_body("id: 7\ndata: hello\n\n");
    /// let handle = source.handle().clone();
    /// while source.next().await.is_some() {}
    /// assert_eq!(handle.last_event_id(), "7");
    /// # });
    /// ```
    #[must_use]
    pub fn last_event_id(&self) -> String {
        self.shared.told().last_event_id.clone()
    }

    /// Returns the reconnection time in force: what the server set last, within the clamp of the policy.
    #[must_use]
    pub fn reconnection_time(&self) -> Duration {
        self.shared.told().reconnection_time
    }

    /// Returns the response that opened the connection last; `None` before the first.
    #[must_use]
    pub fn opened(&self) -> Option<Arc<Opened>> {
        let opened = self.shared.told().opened.clone();
        opened.map(|opened| Arc::clone(opened.opened()))
    }

    /// Returns why the source ended without an error; `None` while it goes on, once it has failed, and once the program
    /// has closed it.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        let ended = self.shared.told().ended;
        ended.filter(|_| self.ready_state() == ReadyState::Closed)
    }

    /// Closes the source, as `close()`: the connection is gone, the ready state is closed, nothing more is delivered and
    /// no event is fired. Again does nothing. An event whose dispatch has begun still reaches the
    /// rest of its listeners, as in the DOM.
    pub fn close(&self) {
        self.shared.close();
    }

    /// Ends a wait for the next attempt, as when the program learns that the network is back. Does
    /// nothing when no wait is under way at the source's next turn.
    pub fn reconnect_now(&self) {
        self.shared.reconnect_now();
    }

    /// Makes the connection anew, without a wait: the one that is open or under way is given up, and a wait
    /// for the next attempt ends. Events that have been read are delivered first.
    ///
    /// The last event ID, the reconnection time, the listeners, the counters and the URL after redirects stay.
    /// The program gets [`Cause::Restarted`](crate::Cause::Restarted) as the reason of the loss, and an
    /// [`on_end`](crate::EventSourceBuilder::on_end) hook is not asked; one that is deciding decides first. The request is sent again whatever its
    /// method. Does nothing to a source [over a body](crate::EventSource::from_body), or to one that is closed.
    ///
    /// ```
    /// # fn example(handle: &wellspring::Handle) {
    /// // The credential that `before_attempt` adds is another now.
    /// handle.restart();
    /// # }
    /// ```
    pub fn restart(&self) {
        self.shared.restart();
    }

    /// Returns a guard that closes the source when it is dropped, for a source that is to end with the code that
    /// [spawned](crate::EventSource::spawn) it.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use wellspring::{EventSource, ReadyState};
    ///
    /// let source = EventSource::new("http://127.0.0.1:9/")?;
    /// let guard = source.spawn().unwrap().close_on_drop();
    /// let handle = guard.handle().clone();
    /// drop(guard);
    /// assert_eq!(handle.ready_state(), ReadyState::Closed);
    /// # Ok::<(), wellspring::BuildError>(())
    /// # }).unwrap();
    /// ```
    pub fn close_on_drop(self) -> CloseOnDrop {
        CloseOnDrop(self)
    }

    /// Marks the stream complete, for programs that detect the end while processing an event. As after a
    /// [terminal event](crate::EventSourceBuilder::terminal_event), what has not been taken is dropped,
    /// and the source ends unless a [hook](crate::EventSourceBuilder::on_end) has it go on. So does one that
    /// waits for its next attempt. Said while the hook is asked, it is about the end in question.
    ///
    /// ```no_run
    /// # async fn example(mut source: wellspring::EventSource) -> Result<(), wellspring::Error> {
    /// while let Some(event) = source.next().await {
    ///     if event?.data == "bye" {
    ///         source.complete(); // `None` is next
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn complete(&self) {
        self.shared.complete();
    }

    /// Begins, in a source [over a body](crate::EventSource::from_body), another stream. What has been received and is
    /// not a whole event yet is dropped; the last event ID and the reconnection time stay. The code that makes the body calls
    /// this between two streams, before it hands out the next one's first byte. Does nothing to other sources.
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Returns what the source has done so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.counting.read()
    }

    /// Returns where the source stands among those that wait for a connection, 1 for the next to get one; `None`
    /// when it does not wait. See [`Policy::http1_connections`](crate::Policy::http1_connections).
    #[must_use]
    pub fn queue_position(&self) -> Option<usize> {
        self.shared.queue_position.get()
    }

    /// Follows the ready state.
    #[must_use]
    pub fn watch(&self) -> ReadyStateWatch {
        let receiver = self.shared.watch();
        let seen = *receiver.borrow();
        ReadyStateWatch { receiver, seen }
    }

    /// Sets `onopen`, called each time the connection opens. Takes the place of the handler set
    /// before, and keeps its id.
    pub fn onopen(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.shared
            .listeners()
            .set_attribute("open", Handler::new(handler))
    }

    /// Sets `onmessage`, called for events without a type and of type `message`. Takes the place of the
    /// handler set before, and keeps its id.
    pub fn onmessage(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.shared
            .listeners()
            .set_attribute("message", Handler::new(handler))
    }

    /// Sets `onerror`, called when the connection is lost and when it has failed for good, and for events
    /// that the server named `error`. Takes the place of the handler set before, and keeps its id.
    pub fn onerror(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.shared
            .listeners()
            .set_attribute("error", Handler::new(handler))
    }

    /// Sets the handler that is called for each comment of a source that asks for
    /// [comments](crate::EventSourceBuilder::comments), and for events that the server named `comment`. Takes the
    /// place of the handler set before, and keeps its id.
    ///
    /// ```
    /// use wellspring::{DomEvent, EventSource};
    ///
    /// let source = EventSource::builder("https://example.com/stream").comments(true).build()?;
    /// source.oncomment(|event| {
    ///     if let DomEvent::Comment(text) = event {
    ///         println!("alive: {text}");
    ///     }
    /// });
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn oncomment(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.shared
            .listeners()
            .set_attribute("comment", Handler::new(handler))
    }

    /// Adds a listener, as `addEventListener`, called for events of exactly this type, in the order of adding.
    pub fn add_event_listener(
        &self,
        event_type: &str,
        listener: impl FnMut(DomEvent<'_>) + Send + 'static,
    ) -> ListenerId {
        self.shared
            .listeners()
            .add(event_type, Handler::new(listener))
    }

    /// Removes a listener, as `removeEventListener`, or an `on…` handler, and returns whether it was there.
    pub fn remove_event_listener(&self, id: ListenerId) -> bool {
        self.shared.listeners().remove(id)
    }

    /// Dispatches an event, as `dispatchEvent`: calls the listeners of the event's type now, on this thread. A listener that
    /// is being called at this moment, for one of several events that came together, is passed over.
    pub fn dispatch_event(&self, event: DomEvent<'_>) {
        self.shared.listeners().dispatch(event);
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("url", &self.shared.shown_url())
            .field("ready_state", &self.ready_state())
            .finish_non_exhaustive()
    }
}

/// Closes a source when it is dropped; made by [`Handle::close_on_drop`].
///
/// ```
/// fn keep(guard: &wellspring::CloseOnDrop) -> wellspring::Handle {
///     guard.handle().clone()
/// }
/// ```
#[derive(Debug)]
#[must_use = "the source is closed when this is dropped"]
pub struct CloseOnDrop(Handle);

impl CloseOnDrop {
    /// Returns the handle of the source.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.0
    }
}

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The ready state as it changes. States that last no longer than a turn may be passed over.
///
/// ```no_run
/// # async fn example(handle: wellspring::Handle) {
/// let mut watch = handle.watch();
/// while let Some(state) = watch.changed().await {
///     println!("{state:?}");
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ReadyStateWatch {
    receiver: watch::Receiver<ReadyState>,
    seen: ReadyState,
}

impl ReadyStateWatch {
    /// Returns the ready state now.
    #[must_use]
    pub fn ready_state(&self) -> ReadyState {
        *self.receiver.borrow()
    }

    /// Waits until the ready state is another than it was when this was last called, or made;
    /// `None` once closed has been seen. May be dropped and called again.
    pub async fn changed(&mut self) -> Option<ReadyState> {
        let seen = self.seen;
        if seen == ReadyState::Closed {
            return None;
        }
        let changed = self.receiver.wait_for(|state| *state != seen).await;
        self.seen = *changed.ok()?;
        Some(self.seen)
    }
}
