//! Comments in silence. In: what was sent, and tokio's clock. Out: the moment a comment is due
//! (HTML Standard 9.2.7 advises one every 15 s).
//!
//! The timer is not moved at each event: when it fires, it looks whether there was silence.
//!
//! Next: `response.rs`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
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
        if std::mem::take(&mut self.heard) {
            self.due = Instant::now().checked_add(silence);
        }
        let Some(due) = self.due else {
            return Poll::Pending;
        };
        let timer = match &mut self.timer {
            Some(timer) => timer,
            None if Handle::try_current().is_err() => return Poll::Pending,
            none => none.insert(Box::pin(sleep_until(due))),
        };
        loop {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() >= due {
                self.heard = true;
                let next = Instant::now().checked_add(silence).unwrap_or(due);
                timer.as_mut().reset(next);
                return Poll::Ready(());
            }
            timer.as_mut().reset(due);
        }
    }
}
