//! Comments in silence. In: what was sent, and tokio's clock. Out: the moment a comment is due
//! (HTML Standard 9.2.7 advises one every 15 s).
//!
//! Neither is the moment moved at each event nor the clock asked: when it comes, it looks whether there was
//! silence since the newest event was published.
//!
//! # The due moment
//!
//! `heard` notes that something was sent, and from when on silence counts: from the publishing of the newest event,
//! which the channel knows, or from the next poll. A stream with frequent events therefore neither reads the clock
//! nor touches the wheel. Its place on the wheel comes up once per period and is renewed.
//!
//! Comments are therefore up to 1/128 of the period late. They do not drift: the next one is due a period after
//! this one was due, not after it was sent.
//!
//! Next: `wheel.rs` wakes, `response.rs`.

use std::num::NonZeroU32;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use crate::wheel::Place;

/// What goes out: a line that is ignored. No blank line follows it, because there are clients that take
/// an empty block for an event (httpx-sse, fetch-event-source, sseclient).
pub(crate) const COMMENT: &[u8] = b":\n";

/// What [`EventStream::keep_alive`](crate::EventStream::keep_alive) changes.
const DEFAULT_SILENCE: Duration = Duration::from_secs(15);
/// A shorter period is raised to this one.
const LEAST_SILENCE: Duration = Duration::from_millis(1);

/// When the next comment of a stream is due.
#[derive(Debug)]
pub(crate) struct KeepAlive {
    /// In milliseconds.
    silence: Option<NonZeroU32>,
    /// When something was last sent, or not much before.
    last: Last,
    /// On the wheel, from the first silence on.
    place: Option<Place>,
}

#[derive(Clone, Copy, Debug)]
enum Last {
    /// Since the last poll.
    Now,
    /// At this moment.
    At(Instant),
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self::every(DEFAULT_SILENCE)
    }
}

impl KeepAlive {
    /// Returns one with this period. 49 days or more are no comments at all.
    pub(crate) fn every(silence: Duration) -> Self {
        Self {
            // What takes weeks never comes.
            silence: u32::try_from(silence.max(LEAST_SILENCE).as_millis())
                .ok()
                .and_then(NonZeroU32::new),
            ..Self::off()
        }
    }

    /// Returns one that is never due.
    pub(crate) fn off() -> Self {
        Self {
            silence: None,
            last: Last::Now,
            place: None,
        }
    }

    /// Something was sent. If the time of publishing is known, the clock is not read.
    pub(crate) fn heard(&mut self, since: Option<Instant>) {
        self.last = since.map_or(Last::Now, Last::At);
    }

    /// Ready when a comment is due. To be polled when there is nothing else to send.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(silence) = self.silence else {
            return Poll::Pending;
        };
        let silence = Duration::from_millis(silence.get().into());
        let last = match self.last {
            Last::At(last) => last,
            Last::Now => Instant::now(),
        };
        self.last = Last::At(last);
        let Some(due) = last.checked_add(silence) else {
            return Poll::Pending;
        };
        let Some(place) = self.place.take() else {
            self.place = Place::new(silence, cx.waker());
            return Poll::Pending;
        };
        if place.waits(cx.waker()) {
            self.place = Some(place);
            return Poll::Pending;
        }
        let now = Instant::now();
        if now < due {
            self.place = place.again(due, silence, cx.waker());
            return Poll::Pending;
        }
        // From when it was due on: what wakings are late by does not add up.
        let next = due.checked_add(silence).filter(|next| now < *next);
        self.last = Last::At(if next.is_some() { due } else { now });
        let next = next.or(now.checked_add(silence)).unwrap_or(due);
        self.place = place.again(next, silence, cx.waker());
        Poll::Ready(())
    }
}
