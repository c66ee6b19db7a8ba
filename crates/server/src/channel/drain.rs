//! Shutting down at a pace. In: how long it may take, a farewell. Out: subscribers that end one after
//! the other, so that their clients do not all come back at once, and then a closed channel.
//!
//! Next: `channel/drained.rs` for whose turn it is, `channel/reader.rs` ends when it is due.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};
use wellspring_proto::Block;

use super::Channel;
use super::shared::Shared;

/// Configures [`Channel::drain`]: the time it takes and the last event sent. A [`Duration`] converts
/// into one without a farewell.
///
/// What happens to a subscriber during a drain over 10 s with a farewell:
///
/// | moment | what it gets |
/// |---|---|
/// | before its turn | events, as ever |
/// | its turn, at random within the 10 s | the events that are waiting, the farewell, the end of the stream |
/// | after 10 s, if it is still behind | the rest of the event it is in the middle of, the farewell, the end |
///
/// How long a drain should take depends on what the clients reconnect to: a thousand clients over 10 s are
/// a hundred new connections a second there.
///
/// ```
/// use std::time::Duration;
/// use wellspring_server::{Block, Channel, Drain};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let channel = Channel::new();
/// let farewell = Block::data("back in a minute").event_type("farewell")?;
/// let drain = Drain::over(Duration::from_secs(10)).farewell(farewell);
/// channel.drain(drain).await;
/// assert!(channel.is_closed());
/// # Ok::<(), wellspring_server::InvalidField>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Drain {
    duration: Duration,
    farewell: Option<Block<'static>>,
}

impl Drain {
    /// Spreads the ends of the streams evenly over this time.
    #[must_use]
    pub fn over(duration: Duration) -> Self {
        Self {
            duration,
            farewell: None,
        }
    }

    /// Sends this block at the end of each stream, past its filter. It should have no id: the client would
    /// resume from it.
    #[must_use]
    pub fn farewell(mut self, block: Block<'static>) -> Self {
        self.farewell = Some(block);
        self
    }
}

impl From<Duration> for Drain {
    fn from(duration: Duration) -> Self {
        Self::over(duration)
    }
}

impl Channel {
    /// Ends the streams one after the other, evenly over the duration, and then [closes](Self::close) the
    /// channel. Returns when the last stream has ended, or when the duration is over: then each stream
    /// that is left ends at its next poll, behind the event it may be in the middle of.
    ///
    /// During the drain events can be published, and a stream whose turn has come first delivers what is
    /// waiting. A client that is behind at the end reconnects with its last event ID.
    /// [`try_subscribe`](Self::try_subscribe) refuses from the start of the drain;
    /// [`subscribe`](Self::subscribe) still opens streams, which end with the others.
    ///
    /// Stop accepting connections and start the server's own graceful shutdown first, so that each
    /// connection closes with its stream. On a connection that stays open the client would reconnect to
    /// this server and be refused, which stops an event source of the standard for good. See
    /// [the timeline](crate#graceful-shutdown).
    ///
    /// Needs tokio's timer; outside of a tokio runtime all streams end at once. If the future is dropped
    /// early, the drain stops where it is and new subscribers stay refused; call `drain` again to go on.
    pub async fn drain(&self, drain: impl Into<Drain>) {
        let Drain { duration, farewell } = drain.into();
        let shared = &self.handles.shared;
        let farewell = farewell.map(|block| block.encode().into());
        shared.lock().drain.begin(farewell.unwrap_or_default());
        if Handle::try_current().is_ok() && !duration.is_zero() {
            let step = (duration / STEPS).clamp(LEAST_STEP, LONGEST_STEP);
            let started = Instant::now();
            while started.elapsed() < duration {
                let part = started.elapsed().as_secs_f64() / duration.as_secs_f64();
                if shared.proceed_draining(part) == 0 {
                    break;
                }
                let left = duration.saturating_sub(started.elapsed());
                sleep(step.min(left)).await;
            }
        }
        shared.finish_draining();
    }
}

impl Shared {
    /// Returns how many subscribers there are.
    fn proceed_draining(&self, part: f64) -> usize {
        let mut state = self.lock();
        state.drain.proceed(part);
        let subscribers = state.admission.subscribers();
        self.wake_at_once(state);
        subscribers
    }

    fn finish_draining(&self) {
        let mut state = self.lock();
        state.drain.finish();
        state.closed = true;
        self.wake_at_once(state);
    }
}

/// Each step wakes every waiting subscriber, so there are not too many.
const STEPS: u32 = 100;
const LEAST_STEP: Duration = Duration::from_millis(2);
const LONGEST_STEP: Duration = Duration::from_millis(500);
