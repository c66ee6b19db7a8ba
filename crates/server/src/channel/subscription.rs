//! How a subscriber wants to be served. In: a request, or a program's wishes. Out: [`Subscription`].
//!
//! Next: `channel.rs` turns it into an event stream.

use wellspring_proto::{EventRef, EventType};

use super::filter::{Criteria, Predicate};
use crate::{InvalidLastEventId, LastEventId};

/// How a subscriber wants to be served; the default is live, without replay.
///
/// ```
/// use wellspring_server::{Channel, OnGap, Start, Subscription};
///
/// let request = http::Request::get("/events").header("last-event-id", "e1-42").body(())?;
/// let subscription = Subscription::from_request(&request)?
///     .start(Start::Oldest)
///     .on_gap(OnGap::Disconnect);
/// let stream = Channel::new().subscribe(subscription);
/// # drop(stream);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Subscription {
    pub(crate) last_event_id: Option<LastEventId>,
    pub(crate) start: Start,
    pub(crate) on_gap: OnGap,
    pub(crate) gap_event: Option<EventType<'static>>,
    pub(super) criteria: Criteria,
    pub(super) key: Option<Box<str>>,
}

impl Subscription {
    /// Live, without replay.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Resumes from what the request says: its `Last-Event-ID` header, else the query parameter
    /// `lastEventId`, as [`LastEventId::from_request`] reads them.
    ///
    /// # Errors
    /// [`InvalidLastEventId`] when it says something that cannot be an id; 400 is a fitting answer.
    pub fn from_request<B>(request: &http::Request<B>) -> Result<Self, InvalidLastEventId> {
        Ok(Self::new().last_event_id(LastEventId::from_request(request)?))
    }

    /// Replays what came after this event, then goes on live.
    #[must_use]
    pub fn last_event_id(mut self, id: impl Into<Option<LastEventId>>) -> Self {
        self.last_event_id = id.into();
        self
    }

    /// Where to begin without a last event ID; default [`Start::Live`].
    #[must_use]
    pub fn start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// What to do when this subscriber is so slow that its place leaves the history; default
    /// [`OnGap::Skip`].
    #[must_use]
    pub fn on_gap(mut self, on_gap: OnGap) -> Self {
        self.on_gap = on_gap;
        self
    }

    /// Tells of a gap by an event of this type instead of a comment, so that a page can see it. Its
    /// data is JSON: `reason` (`expired`, `other-epoch`, `never-existed`, `unknown`, or `slow` for a
    /// subscriber that was), `asked` (the last event ID brought; of a slow one its place, in the
    /// channel's own form), `resumesAfter` (the id that reading goes on after, also the id of the event)
    /// and `missed` (how many events, or null). It goes out whatever the filter.
    #[must_use]
    pub fn gap_event(mut self, event_type: EventType<'static>) -> Self {
        self.gap_event = Some(event_type);
        self
    }

    /// Sends only events of these types; `message` is the default type. None of them, no events.
    ///
    /// What is said of [`filter`](Self::filter) holds here too.
    #[must_use]
    pub fn event_types(mut self, types: impl IntoIterator<Item = EventType<'static>>) -> Self {
        self.criteria.event_types = Some(types.into_iter().collect());
        self
    }

    /// Sends only the events that the predicate, and [`event_types`](Self::event_types) if they are
    /// given, agree to. It is asked for every event just before it is sent, replayed or live: what a
    /// subscriber may see is decided when it sees it. Blocks without data, such as comments, dispatch
    /// no event and go to everybody.
    ///
    /// The predicate runs where the stream is polled and outside of all locks; it should not block.
    ///
    /// The last event ID moves on although nothing is sent: it is told with the comments in silence,
    /// and after a thousand skipped events, 256 KiB of them, or an eighth of what the history may hold,
    /// by blocks without data. Ids that tell positions are of the channel's own form then, because
    /// those of publishers may not be meant for the subscriber.
    ///
    /// ```
    /// use wellspring_server::{Channel, EventRef, Subscription};
    ///
    /// let user = "ann".to_owned();
    /// let may_see = move |event: EventRef<'_>| event.data.contains(&user);
    /// let stream = Channel::new().subscribe(Subscription::new().filter(may_see));
    /// # drop(stream);
    /// ```
    #[must_use]
    pub fn filter(
        mut self,
        predicate: impl Fn(EventRef<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.criteria.predicate = Some(Predicate::new(predicate));
        self
    }

    /// Whom this subscriber counts for: the limit of subscribers per key, and
    /// [`Presence`](crate::Presence). An IP address (of IPv6 better the first 64 bits), the name
    /// behind a token. It is never sent.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into().into_boxed_str());
        self
    }
}

/// Where a subscriber without a last event ID begins.
///
/// ```
/// assert_eq!(wellspring_server::Start::default(), wellspring_server::Start::Live);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// With the next event that is published.
    #[default]
    Live,
    /// With the oldest event of the history.
    Oldest,
}

/// What happens to a subscriber whose place has left the history.
///
/// ```
/// assert_eq!(wellspring_server::OnGap::default(), wellspring_server::OnGap::Skip);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnGap {
    /// It is told of the gap and goes on with the oldest event there is.
    #[default]
    Skip,
    /// Its body ends. An event source comes back with its last event ID and learns from the response
    /// what became of it.
    Disconnect,
    /// It is told of the gap, gets the latest event of each key out of what it missed, in the order
    /// they were published, and goes on with the oldest event there is. For state, of which only the
    /// newest counts: see [`Channel::publish_keyed`](crate::Channel::publish_keyed). A resume that is
    /// not found is served the same way; if what was missed is not known, with all that is kept.
    ///
    /// The signal of the gap leaves the last event ID where it was, and counts as missed only what
    /// does not follow.
    Latest,
}
