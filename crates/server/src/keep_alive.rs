//! Comments in silence. In: what was sent, and tokio's clock. Out: the moment a comment is due
//! (HTML Standard 9.2.7 advises one every 15 s).
//!
//! The timer is not moved at each event: when it fires, it looks whether there was silence.
//!
//! Next: `response.rs`.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

/// What goes out: a comment, and a blank line for receivers that read block by block.
pub(crate) const COMMENT: &[u8] = b":\n\n";

const DEFAULT_SILENCE: Duration = Duration::from_secs(15);
const LEAST_SILENCE: Duration = Duration::from_millis(1);

#[derive(Debug)]
pub(crate) struct KeepAlive {
    silence: Option<Duration>,
    /// Something was sent since the last poll.
    heard: bool,
    /// When the silence has lasted long enough; the timer may be set to an earlier moment.
    due: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
    /// Whom the timer will wake: while that holds there is no need to touch it.
    waits_for: Option<Waker>,
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
            heard: true,
            due: None,
            timer: None,
            waits_for: None,
        }
    }

    /// Something was sent.
    pub(crate) fn heard(&mut self) {
        self.heard = true;
    }

    /// Ready when a comment is due. To be polled when there is nothing else to send.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(silence) = self.silence else {
            return Poll::Pending;
        };
        let now = Instant::now();
        if std::mem::take(&mut self.heard) {
            self.due = now.checked_add(silence);
        }
        let Some(due) = self.due else {
            return Poll::Pending;
        };
        let timer = match &mut self.timer {
            Some(timer) => timer,
            None if Handle::try_current().is_err() => return Poll::Pending,
            none => none.insert(Box::pin(sleep_until(due))),
        };
        let waits = |waker: &Waker| waker.will_wake(cx.waker());
        if now < timer.deadline() && self.waits_for.as_ref().is_some_and(waits) {
            return Poll::Pending;
        }
        self.waits_for = Some(cx.waker().clone());
        loop {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() >= due {
                self.heard = true;
                self.waits_for = None;
                timer
                    .as_mut()
                    .reset(now.checked_add(silence).unwrap_or(due));
                return Poll::Ready(());
            }
            timer.as_mut().reset(due);
        }
    }
}
