//! The configuration of a subscriber. In: a request, settings. Out: [`Subscription`].
//!
//! Next: `channel.rs` turns it into an event stream.

use wellspring_proto::{EventRef, EventType};

use super::filter::{Criteria, Predicate};
use crate::{InvalidLastEventId, LastEventId};

/// Configures one subscriber: where it begins, what it may see, and what a gap means to it.
///
/// | question | method | default |
/// |---|---|---|
/// | Where does it begin? | [`last_event_id`](Self::last_event_id), [`from_request`](Self::from_request) | none |
/// | And without a last event ID? | [`start`](Self::start) | live |
/// | What if it is too slow? | [`on_gap`](Self::on_gap) | it skips what it missed |
/// | Does the page see a gap? | [`gap_event`](Self::gap_event) | no, the gap is a comment |
/// | Which events may it see? | [`event_types`](Self::event_types), [`filter`](Self::filter) | all |
/// | Whom does it count for? | [`key`](Self::key) | none |
///
/// One that is cloned can be used for several streams.
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
    /// Creates a subscription without a last event ID that begins live.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a subscription with the last event ID of a request: of its header `Last-Event-ID`, else of
    /// its query parameter `lastEventId`. See [`LastEventId::from_request`].
    ///
    /// ```
    /// use wellspring_server::{Channel, Resume, Subscription};
    ///
    /// let request = http::Request::get("/events?lastEventId=k3-1").body(())?;
    /// let channel = Channel::builder().epoch("k3")?.build();
    /// channel.publish("one")?;
    /// let stream = channel.subscribe(Subscription::from_request(&request)?);
    /// assert_eq!(stream.resume(), Some(Resume::Found));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidLastEventId`] if that is not a valid id; answer with status 400.
    pub fn from_request<B>(request: &http::Request<B>) -> Result<Self, InvalidLastEventId> {
        Ok(Self::new().last_event_id(LastEventId::from_request(request)?))
    }

    /// Sets the last event ID: the events after it are replayed, then the stream goes on live.
    ///
    /// ```
    /// use wellspring_server::{Channel, LastEventId, Resume, Subscription};
    ///
    /// let channel = Channel::builder().epoch("k3")?.build();
    /// channel.publish("one")?;
    /// channel.publish("two")?;
    /// let subscription = Subscription::new().last_event_id(LastEventId::new("k3-1")?);
    /// assert_eq!(channel.subscribe(subscription).resume(), Some(Resume::Found));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn last_event_id(mut self, id: impl Into<Option<LastEventId>>) -> Self {
        self.last_event_id = id.into();
        self
    }

    /// Sets where to begin without a last event ID; default [`Start::Live`].
    ///
    /// ```
    /// use wellspring_server::{Channel, Start, Subscription};
    ///
    /// // A page that is opened shows the whole history first.
    /// let stream = Channel::new().subscribe(Subscription::new().start(Start::Oldest));
    /// # drop(stream);
    /// ```
    #[must_use]
    pub fn start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// Sets what happens when this subscriber is so slow that its next event leaves the history; default
    /// [`OnGap::Skip`].
    ///
    /// ```
    /// use wellspring_server::{Channel, OnGap, Start, Subscription};
    ///
    /// let channel = Channel::new();
    /// channel.publish_keyed("kitchen", "21.5 °C")?;
    /// let dashboard = Subscription::new().start(Start::Oldest).on_gap(OnGap::Latest);
    /// let stream = channel.subscribe(dashboard);
    /// # drop(stream);
    /// # Ok::<(), wellspring_server::PublishError>(())
    /// ```
    #[must_use]
    pub fn on_gap(mut self, on_gap: OnGap) -> Self {
        self.on_gap = on_gap;
        self
    }

    /// Signals a gap by an event of this type instead of a comment, so that a page can see it. The event
    /// passes every filter. Its data is JSON:
    ///
    /// | key | value |
    /// |---|---|
    /// | `reason` | `expired`, `other-epoch`, `never-existed`, `unknown`, or `slow` |
    /// | `asked` | the last event ID the client sent, shortened to 1 KiB; for `slow` that of its position |
    /// | `resumesAfter` | the id before the next event, which is also the id of this event |
    /// | `missed` | the number of missed events, or null if unknown |
    ///
    /// ```
    /// use wellspring_server::{Channel, EventType, LastEventId, Subscription};
    ///
    /// let subscription = Subscription::new()
    ///     .last_event_id(LastEventId::new("from-another-life")?)
    ///     .gap_event(EventType::new("gap")?);
    /// let stream = Channel::new().subscribe(subscription);
    /// // event: gap
    /// // data: {"reason":"unknown","asked":"from-another-life","resumesAfter":"k3-0","missed":null}
    /// # drop(stream);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn gap_event(mut self, event_type: EventType<'static>) -> Self {
        self.gap_event = Some(event_type);
        self
    }

    /// Sends only events of these types; `message` is the default type. An empty list lets no event
    /// through. The notes on [`filter`](Self::filter) apply.
    ///
    /// ```
    /// use wellspring_server::{Channel, EventType, Subscription};
    ///
    /// let types = [EventType::new("message")?, EventType::new("order")?];
    /// let stream = Channel::new().subscribe(Subscription::new().event_types(types));
    /// # drop(stream);
    /// # Ok::<(), wellspring_server::InvalidField>(())
    /// ```
    #[must_use]
    pub fn event_types(mut self, types: impl IntoIterator<Item = EventType<'static>>) -> Self {
        self.criteria.event_types = Some(types.into_iter().collect());
        self
    }

    /// Sends only events for which the predicate returns true, and which
    /// [`event_types`](Self::event_types) allows. It is called for each event just before it is sent,
    /// replayed or live. Blocks without data, such as comments, are no events and always pass.
    ///
    /// The predicate runs where the stream is polled, outside of all locks; it should not block. An event
    /// larger than 16 KiB is copied for the call.
    ///
    /// The client's last event ID advances past skipped events, by blocks with an id and no data: with a
    /// comment in silence, and after 1,000 skipped events, 256 KiB of them, or an eighth of the history's
    /// limits. These ids have the channel's own form, because a publisher's id may be none of the
    /// subscriber's business.
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

    /// Sets the key under which this subscriber is counted, for the limit per key and for
    /// [`Presence`](crate::Presence): a user's name, or an IP address (of IPv6 the first 64 bits). It is
    /// never sent.
    ///
    /// ```
    /// use wellspring_server::{Channel, SubscriberLimits, Subscription};
    ///
    /// let limits = SubscriberLimits::default().with_per_key(1);
    /// let channel = Channel::builder().subscriber_limits(limits).build();
    /// let first = channel.try_subscribe(Subscription::new().key("ann"))?;
    /// assert!(channel.try_subscribe(Subscription::new().key("ann")).is_err());
    /// assert!(channel.try_subscribe(Subscription::new().key("bob")).is_ok());
    /// # drop(first);
    /// # Ok::<(), wellspring_server::Refusal>(())
    /// ```
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into().into_boxed_str());
        self
    }
}

/// Selects where a subscriber without a last event ID begins.
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

/// Selects what happens to a subscriber whose next event has left the history.
///
/// | | the client learns of the gap | it misses | for |
/// |---|---|---|---|
/// | [`Skip`](Self::Skip) | by a comment or [an event](Subscription::gap_event) | what has left the history | logs, messages |
/// | [`Disconnect`](Self::Disconnect) | by `Wellspring-Resume` of its next response | the same | pages that load everything anew |
/// | [`Latest`](Self::Latest) | by a comment or an event | older values of the keys | state: prices, sensors, presence |
///
/// Only a slow subscriber is affected: one that does not keep up with the publishers while the whole
/// history goes by. [`ChannelStats::gaps`](crate::ChannelStats::gaps) counts how often that happens.
///
/// ```
/// assert_eq!(wellspring_server::OnGap::default(), wellspring_server::OnGap::Skip);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnGap {
    /// Signals the gap and goes on with the oldest event of the history.
    #[default]
    Skip,
    /// Ends the stream. An event source reconnects with its last event ID, and the response says what
    /// became of it.
    Disconnect,
    /// Signals the gap, sends the latest event of each key among those missed, in the order of
    /// publishing, and goes on with the oldest event of the history. Meant for state, of which only the
    /// newest counts: see [`Channel::publish_keyed`](crate::Channel::publish_keyed). A resume that is not
    /// found is served the same way; if the missed events are not known, with all that is kept.
    ///
    /// The signal of the gap leaves the last event ID where it was, and counts as missed only what
    /// does not follow.
    Latest,
}
