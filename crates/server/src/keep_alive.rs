//! Comments in silence. In: what was sent, and tokio's clock. Out: the moment a comment is due
//! (HTML Standard 9.2.7 advises one every 15 s).
//!
//! Neither is the timer moved at each event nor the clock asked: when the timer fires, it looks whether
//! there was silence since the newest event was published.
//!
//! Next: `response.rs`.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

/// What goes out: a line that is ignored. No blank line follows it, because there are clients that take
/// an empty block for an event (httpx-sse, fetch-event-source, sseclient).
pub(crate) const COMMENT: &[u8] = b":\n";

const DEFAULT_SILENCE: Duration = Duration::from_secs(15);
const LEAST_SILENCE: Duration = Duration::from_millis(1);

#[derive(Debug)]
pub(crate) struct KeepAlive {
    silence: Option<Duration>,
    /// When something was last sent, or not much before.
    last: Last,
    timer: Option<Pin<Box<Sleep>>>,
    /// Whom the timer will wake: while that holds there is no need to touch it.
    waits_for: Option<Waker>,
}

#[derive(Clone, Copy, Debug)]
enum Last {
    /// Since the last poll.
    Now,
    At(Instant),
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self::every(DEFAULT_SILENCE)
    }
}

impl KeepAlive {
    pub(crate) fn every(silence: Duration) -> Self {
        Self {
            silence: Some(silence.max(LEAST_SILENCE)),
            ..Self::off()
        }
    }

    pub(crate) fn off() -> Self {
        Self {
            silence: None,
            last: Last::Now,
            timer: None,
            waits_for: None,
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
        let last = match self.last {
            Last::At(last) => last,
            Last::Now => Instant::now(),
        };
        self.last = Last::At(last);
        let Some(due) = last.checked_add(silence) else {
            return Poll::Pending;
        };
        let timer = match &mut self.timer {
            Some(timer) => timer,
            None if Handle::try_current().is_err() => return Poll::Pending,
            none => {
                let first = Instant::now().checked_add(silence).unwrap_or(due);
                none.insert(Box::pin(sleep_until(first)))
            }
        };
        let waits = |waker: &Waker| waker.will_wake(cx.waker());
        if !timer.is_elapsed() && self.waits_for.as_ref().is_some_and(waits) {
            return Poll::Pending;
        }
        self.waits_for = Some(cx.waker().clone());
        loop {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() >= due {
                let now = Instant::now();
                self.last = Last::At(now);
                self.waits_for = None;
                let next = now.checked_add(silence).unwrap_or(due);
                timer.as_mut().reset(next);
                return Poll::Ready(());
            }
            timer.as_mut().reset(due);
        }
    }
}
