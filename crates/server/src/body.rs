//! A stream of events as a body. In: a subscriber of a channel, or any stream of blocks. Out:
//! `http_body::Body` frames: a first comment at once, then whatever there is, and comments in silence.
//!
//! Next: `body/state.rs` for the frames, `keep_alive.rs` for the comments, `response.rs` for the headers around it.

mod generated;
mod state;

use std::convert::Infallible;
use std::fmt;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame, SizeHint};
use wellspring_proto::Block;

use crate::Resume;
use crate::channel::Subscriber;
use crate::keep_alive::KeepAlive;
use crate::opening::Opening;
use generated::Generated;
use state::{Ahead, Source, State};

/// Sends events as the body of a response. It implements [`http_body::Body`], so hyper, axum and what
/// builds on them accept it.
///
/// What a stream consists of, in this order:
///
/// | part | bytes | when |
/// |---|---|---|
/// | opening | a comment; the id of the position or the signal of a gap; the reconnection time | at once |
/// | events | whole blocks, as they were published | as they come |
/// | silence | `:` and a line end | 15 s after the last event, and every 15 s |
/// | gap | a comment or an event | before the event behind it |
/// | farewell | a block | at the end of a [drain](crate::Channel::drain) |
///
/// A blank line stands only behind events and behind the id of a position: there are clients that take
/// every block for an event, with data or without. A block without data that is published, such as a
/// reconnection time alone, keeps its blank line, and is an empty event to them: give an event the
/// reconnection time instead.
///
/// [`Channel::subscribe`](crate::Channel::subscribe) returns one; [`new`](Self::new) makes one of any
/// stream of blocks. The first frame is ready at once and holds at least a comment, so that the
/// response's head leaves. After that a frame holds whole events, all that wait, up to 16 KiB; a larger
/// event comes in several frames. In silence a comment goes out every 15 s. Dropping it unsubscribes.
///
/// Keep-alive needs tokio's timer: inside a tokio runtime without `enable_time` tokio panics, and
/// outside of tokio there are no keep-alive comments.
///
/// If the tasks of one tokio runtime poll more than 64 streams of a channel, a task on that runtime wakes
/// them, 64 at a time: a task that blocks the runtime delays the others. Streams polled outside of
/// tokio's tasks are woken by the publisher.
///
/// ```
/// use std::time::Duration;
/// use wellspring_server::{Channel, Subscription};
///
/// let channel = Channel::new();
/// let stream = channel
///     .subscribe(Subscription::new())
///     .retry(Duration::from_secs(2))
///     .keep_alive(Duration::from_secs(30));
/// assert_eq!(channel.subscriber_count(), 1);
/// drop(stream);
/// assert_eq!(channel.subscriber_count(), 0);
/// ```
pub struct EventStream {
    // Servers keep room for the body in several places; there is a process with 10,000 of them.
    state: Box<State>,
}

impl EventStream {
    /// Makes an event stream of a stream of blocks; it ends when that ends. Blocks that are ready at the
    /// same time share a frame. While a block larger than a frame is being sent, the whole block is held.
    ///
    /// ```
    /// use wellspring_server::{Block, EventStream};
    /// # struct Empty;
    /// # impl futures_core::Stream for Empty {
    /// #     type Item = Block<'static>;
    /// #     fn poll_next(
    /// #         self: std::pin::Pin<&mut Self>,
    /// #         _: &mut std::task::Context<'_>,
    /// #     ) -> std::task::Poll<Option<Self::Item>> {
    /// #         std::task::Poll::Ready(None)
    /// #     }
    /// # }
    /// # let stream_of_blocks = Empty;
    /// let response = EventStream::new(stream_of_blocks).into_response();
    /// # drop(response);
    /// ```
    #[must_use]
    pub fn new(blocks: impl Stream<Item = Block<'static>> + Send + 'static) -> Self {
        let generated = Box::new(Generated::new(Box::pin(blocks)));
        Self::with(Source::Generated(generated), Opening::default(), None)
    }

    /// A body that has ended: for responses that are not an event stream.
    pub(crate) fn ended() -> Self {
        let mut ended = Self::with(Source::Ended, Opening::default(), None);
        ended.state.ahead = None;
        ended
    }

    pub(crate) fn subscribed(
        subscriber: Subscriber,
        opening: Opening,
        resume: Option<Resume>,
    ) -> Self {
        Self::with(Source::Channel(subscriber), opening, resume)
    }

    fn with(source: Source, opening: Opening, resume: Option<Resume>) -> Self {
        let state = State {
            source,
            ahead: Some(Box::new(Ahead::Opening(opening))),
            keep_alive: KeepAlive::default(),
            resume: resume.map(Box::new),
        };
        Self {
            state: Box::new(state),
        }
    }

    /// Sets the client's reconnection time, in the first frame; default none, so that the client keeps its
    /// own. Has no effect once the stream has begun.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wellspring_server::{Channel, Subscription};
    ///
    /// let stream = Channel::new().subscribe(Subscription::new()).retry(Duration::from_secs(2));
    /// // The first frame has the line `retry: 2000`.
    /// # drop(stream);
    /// ```
    #[must_use]
    pub fn retry(mut self, reconnection_time: Duration) -> Self {
        if let Some(Ahead::Opening(opening)) = self.state.ahead.as_deref_mut() {
            opening.retry = Some(reconnection_time);
        }
        self
    }

    /// Sets a random reconnection time within the range, in whole milliseconds, so that clients that lose
    /// their connections together do not return together. See [`retry`](Self::retry).
    ///
    /// ```
    /// use std::time::Duration;
    /// use wellspring_server::{Channel, Subscription};
    ///
    /// let times = Duration::from_secs(1)..=Duration::from_secs(4);
    /// let stream = Channel::new().subscribe(Subscription::new()).retry_between(times);
    /// # drop(stream);
    /// ```
    #[must_use]
    pub fn retry_between(self, reconnection_times: RangeInclusive<Duration>) -> Self {
        let milliseconds = |time: &Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let least = milliseconds(reconnection_times.start());
        let most = milliseconds(reconnection_times.end()).max(least);
        self.retry(Duration::from_millis(fastrand::u64(least..=most)))
    }

    /// Sets how long a silence lasts before a comment is sent; default 15 s, at least 1 ms.
    ///
    /// Half of the shortest idle timeout on the way is a good value: of a proxy, of a load balancer, or of
    /// the clients themselves. Each comment is a write for each connection.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wellspring_server::{Channel, Subscription};
    ///
    /// let stream = Channel::new().subscribe(Subscription::new());
    /// let stream = stream.keep_alive(Duration::from_secs(25));
    /// # drop(stream);
    /// ```
    #[must_use]
    pub fn keep_alive(mut self, silence: Duration) -> Self {
        self.state.keep_alive = KeepAlive::every(silence);
        self
    }

    /// Turns comments in silence off. Proxies may then cut the connection, and a client that has vanished
    /// is noticed only at the next event.
    ///
    /// ```
    /// use wellspring_server::{Channel, Subscription};
    ///
    /// // Behind a proxy that sends comments of its own.
    /// let stream = Channel::new().subscribe(Subscription::new()).without_keep_alive();
    /// # drop(stream);
    /// ```
    #[must_use]
    pub fn without_keep_alive(mut self) -> Self {
        self.state.keep_alive = KeepAlive::off();
        self
    }

    /// Returns what became of the client's last event ID, or `None` if it sent none.
    ///
    /// ```
    /// use wellspring_server::{Channel, LastEventId, Resume, Subscription};
    ///
    /// let channel = Channel::new();
    /// assert_eq!(channel.subscribe(Subscription::new()).resume(), None);
    /// let stranger = Subscription::new().last_event_id(LastEventId::new("7f")?);
    /// assert_eq!(channel.subscribe(stranger).resume(), Some(Resume::Unknown));
    /// # Ok::<(), wellspring_server::InvalidLastEventId>(())
    /// ```
    #[must_use]
    pub fn resume(&self) -> Option<Resume> {
        self.state.resume.as_deref().copied()
    }
}

impl Body for EventStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.state.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.state.ahead.is_none() && matches!(self.state.source, Source::Ended)
    }

    fn size_hint(&self) -> SizeHint {
        match self.is_end_stream() {
            true => SizeHint::with_exact(0),
            false => SizeHint::default(),
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.state.source {
            Source::Channel(_) => "channel",
            Source::Generated(_) => "stream of blocks",
            Source::Ended => "ended",
        };
        f.debug_struct("EventStream")
            .field("source", &source)
            .field("resume", &self.resume())
            .finish_non_exhaustive()
    }
}
