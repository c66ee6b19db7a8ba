//! Subscribing. In: subscriptions. Out: event streams, or refusals.
//!
//! # Steps of a join
//!
//! 1. `try_subscribe` checks the drain and the limits; `subscribe` does not.
//! 2. The last event ID decides the place: behind the event it names, or at the oldest one. Without an id it is the
//!    head, or the oldest event for [`Start::Oldest`].
//! 3. The opening is made: the id of the place, or the signal of a gap.
//! 4. The subscriber is counted, all of this under one lock, so that no event falls between replay and live.
//! 5. The presence hook is called, outside the lock, before the stream is returned.
//!
//! Next: `channel/reader.rs` for the reading, `channel/subscriber.rs` for the waiting.

use std::sync::{Arc, MutexGuard};

use super::drained::slot;
use super::filter::Filter;
use super::presence::Presence;
use super::reader::{Missing, Reader};
use super::shared::Shared;
use super::state::State;
use super::subscriber::{Particulars, Subscriber};
use super::waiters::Ticket;
use super::{Channel, OnGap, Refusal, RefusalReason, Start, Subscription};
use crate::gap::Gap;
use crate::log::Resume;
use crate::opening::Opening;
use crate::{EventStream, LastEventId};

impl Channel {
    /// Opens a stream that replays the events after the subscriber's last event ID and goes on live.
    /// Both are one reading of one log, so no event is lost or doubled in between.
    ///
    /// A stream without a last event ID begins with the id of its position, in a block without data: if
    /// the connection breaks before the first event, the client can still resume.
    ///
    /// Ignores the limits on subscribers, which [`try_subscribe`](Self::try_subscribe) enforces; the
    /// stream counts all the same. On a closed channel the stream ends after the replay, and an event
    /// source reconnects; [`EventStream::stop_response`] stops it.
    ///
    /// ```
    /// use wellspring_server::{Channel, EventStream, Subscription};
    ///
    /// fn events(channel: &Channel) -> http::Response<EventStream> {
    ///     if channel.is_closed() {
    ///         return EventStream::stop_response();
    ///     }
    ///     channel.subscribe(Subscription::new()).into_response()
    /// }
    ///
    /// let channel = Channel::new();
    /// assert_eq!(events(&channel).status(), 200);
    /// channel.close();
    /// assert_eq!(events(&channel).status(), 204);
    /// ```
    #[must_use]
    pub fn subscribe(&self, subscription: Subscription) -> EventStream {
        let shared = &self.handles.shared;
        join(shared, shared.lock(), subscription)
    }

    /// Opens a stream like [`subscribe`](Self::subscribe), if the limits on subscribers allow it.
    ///
    /// # Errors
    /// [`Refusal`] if there are as many subscribers as [`SubscriberLimits`](crate::SubscriberLimits)
    /// allows, or if the channel is being [drained](Self::drain). [`Refusal::into_response`] makes the
    /// response.
    ///
    /// ```
    /// use wellspring_server::{Channel, SubscriberLimits, Subscription};
    ///
    /// let limits = SubscriberLimits::default().with_total(1);
    /// let channel = Channel::builder().subscriber_limits(limits).build();
    /// let first = channel.try_subscribe(Subscription::new());
    /// let response = match channel.try_subscribe(Subscription::new()) {
    ///     Ok(stream) => stream.into_response(),
    ///     Err(refusal) => refusal.into_response(),
    /// };
    /// assert_eq!(response.status(), 503);
    /// # drop(first);
    /// ```
    pub fn try_subscribe(&self, subscription: Subscription) -> Result<EventStream, Refusal> {
        let shared = &self.handles.shared;
        let mut state = shared.lock();
        let checked = match state.drain.has_begun() {
            true => Err(RefusalReason::Draining),
            false => state.admission.check(subscription.key.as_deref()),
        };
        match checked {
            Ok(()) => Ok(join(shared, state, subscription)),
            Err(reason) => {
                state.counters.refused += 1;
                Err(Refusal::new(reason, state.admission.limits.retry_after))
            }
        }
    }
}

/// Makes a subscriber, and its stream. Takes the guard, so that the check of the limits and the count are one step.
fn join(
    shared: &Arc<Shared>,
    mut state: MutexGuard<'_, State>,
    subscription: Subscription,
) -> EventStream {
    let nth = state.admission.joined();
    let mut reader = Reader {
        place: state.log.head(),
        on_gap: subscription.on_gap,
        filtered: !subscription.criteria.is_empty(),
        missing: Missing::Nothing,
        slot: slot(nth),
        left: None,
    };
    let now = shared.now();
    let resume = match &subscription.last_event_id {
        Some(id) => Some(resume(&mut reader, &mut state, id, now)),
        None if subscription.start == Start::Oldest => {
            reader.place = state.log.oldest(now);
            None
        }
        None => None,
    };
    let opening = open(&mut state, resume, &reader, &subscription);
    let key = state.admission.join(subscription.key.as_deref());
    let subscribers = state.admission.subscribers();
    let epoch = reader.filtered.then(|| state.log.epoch().clone());
    drop(state);
    let filter = epoch.map(|epoch| Filter::new(subscription.criteria, epoch, shared.history()));
    if let Some(hook) = shared.hook() {
        hook.tell(&Presence::Joined {
            key: key.as_deref(),
            resume,
            subscribers,
        });
    }
    let gap_event = subscription.gap_event;
    let has_some = gap_event.is_some() || key.is_some();
    let particulars = has_some.then(|| Box::new(Particulars { gap_event, key }));
    let subscriber = Subscriber {
        shared: Arc::clone(shared),
        reader,
        ticket: Ticket::default(),
        filter: filter.map(Box::new),
        particulars,
        rest: None,
    };
    EventStream::subscribed(subscriber, opening, resume)
}

/// Puts the reader where its last event ID says. One that wants the latest of each key has the gap
/// still before it.
fn resume(
    reader: &mut Reader,
    state: &mut State,
    id: &LastEventId,
    now: std::time::Duration,
) -> Resume {
    let (resume, place) = state.log.resume(id.as_str(), now);
    reader.place = place;
    if reader.on_gap != OnGap::Latest {
        return resume;
    }
    match resume {
        Resume::Found => {}
        Resume::Expired { missed } => {
            reader.place = place.saturating_sub(missed);
            reader.missing = Missing::Events;
        }
        Resume::OtherEpoch | Resume::NeverExisted | Resume::Unknown => {
            reader.place = 1;
            reader.missing = Missing::Unknown;
        }
    }
    resume
}

/// The opening of a new subscriber's stream, before its first event.
fn open(
    state: &mut State,
    resume: Option<Resume>,
    reader: &Reader,
    subscription: &Subscription,
) -> Opening {
    let position = |state: &State| state.position_id(reader.place, reader.filtered);
    let Some(resume) = resume else {
        return Opening::at(position(state));
    };
    let missed = match resume {
        Resume::Found => return Opening::default(),
        Resume::Expired { missed } => Some(missed),
        _ => None,
    };
    state.counters.gaps += 1;
    let missed = match reader.missing {
        Missing::Nothing => {
            state.counters.missed += missed.unwrap_or(0);
            missed
        }
        // Counted as it is passed.
        _ => missed.map(|n| n.saturating_sub(state.log.count_missed_from(reader.place))),
    };
    let asked = subscription.last_event_id.as_ref();
    let gap = Gap {
        reason: resume.as_str(),
        asked: asked.map_or_else(String::new, |id| id.as_str().to_owned()),
        resumes_after: position(state),
        missed,
    };
    Opening::after_gap(gap.encode(subscription.gap_event.as_ref()))
}
