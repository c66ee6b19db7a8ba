//! The state machine (HTML Standard 9.2.3). In: `handle_…`, what happened, with the time since any
//! start and a random number where one is needed. Out: [`Machine::poll`], what to do or to tell.
//!
//! The rule for its driver: take outputs until there are none, hand on the batch until it is empty,
//! only then read on. So open, events and loss of connection stay in one order, and the ready state
//! changes exactly when the program learns of it.
//!
//! # Phases
//!
//! | phase | entered by | left by |
//! |---|---|---|
//! | `Due` | the start, the end of a wait | `poll`: connect |
//! | `Fetching` | | the response, a network error |
//! | `Announcing` | a good response | `poll`: open |
//! | `Reading` | | the end of the body, a network error, silence, a limit |
//! | `Losing` | any of these but a limit | `poll`: reconnecting |
//! | `Waiting` | | `handle_timeout`, `reconnect_now` |
//! | `Failing`, `Ending` | a failure, the policy | `poll`: failed, ended |
//! | `Closed` | that, or `close()` | never |
//!
//! The phases in which something is still to be reported are why a stimulus never changes what the program sees by
//! itself: the ready state changes in `poll`, when the program is about to learn of it. A stimulus that comes in a
//! phase it does not fit is ignored, so a driver need not check.
//!
//! Next: `machine/policy.rs`, `machine/pending.rs`; `reconnection.rs`; then the driver of a client.

mod pending;
mod policy;
mod restart;

use super::failures::{Attempt, Failures};
use super::filling::Filling;
use super::outcome::{Failure, Interruption};
use super::output::{Output, Response};
use super::{ReadyState, Reconnection};
use crate::event_stream::{Batch, Decoder, LimitExceeded};
use alloc::sync::Arc;
use core::time::Duration;

/// Where the machine is between two calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// An attempt is due.
    Due,
    /// A fetch is under way.
    Fetching,
    /// The response is good; not reported yet.
    Announcing,
    /// Bytes are read.
    Reading,
    /// The connection is lost; not reported yet.
    Losing {
        cause: Interruption,
        delay: Duration,
        deadline: Duration,
    },
    /// The next attempt is due at `deadline`.
    Waiting {
        deadline: Duration,
    },
    /// The connection has failed; not reported yet.
    Failing(Failure),
    /// The stream is complete; not reported yet.
    Ending,
    Closed,
}

/// Decides what an event source does: the ready state, the reconnection time, the last event ID string and the
/// decoder, without I/O and without a clock.
///
/// Its caller, the driver, fetches and waits. It reports what happens by the `handle_` methods, with the time since
/// any fixed moment, and then takes outputs from [`poll`](Self::poll) until there are none.
///
/// A driver follows three rules:
///
/// 1. After each stimulus, take all outputs before anything else.
/// 2. Hand on all items of the batch before reading more bytes.
/// 3. Read the body only while [`is_reading`](Self::is_reading).
///
/// Then `open`, events and errors reach the program in the order of the standard. Stimuli that come too late, such
/// as bytes after [`close`](Self::close), are ignored.
///
/// ```
/// use core::time::Duration;
/// use wellspring_proto::*;
///
/// let mut machine = Machine::new(Decoder::new(), Reconnection::default());
/// let mut batch = Batch::new();
/// let now = Duration::ZERO;
/// // 1. An attempt is due: fetch.
/// assert!(matches!(machine.poll(), Some(Output::Connect { .. })));
/// // 2. The head of the response has come.
/// machine.handle_response(now, Response { status: 200, event_stream: true, coded: false });
/// assert_eq!(machine.poll(), Some(Output::Open));
/// // 3. Bytes of the body have come: hand on what they hold.
/// machine.handle_bytes(b"id: 1\ndata: hello\n\nretry: 500\n\n", &mut batch);
/// while let Some(item) = batch.next_item() {
///     println!("{item:?}");
/// }
/// // 4. The body ended: wait, then start over at 1.
/// machine.handle_end_of_body(now);
/// assert!(matches!(machine.poll(), Some(Output::Reconnecting { .. })));
/// assert_eq!(machine.poll_timeout(), Some(Duration::from_millis(500)));
/// machine.handle_timeout(Duration::from_millis(500));
/// assert_eq!(machine.poll(), Some(Output::Connect { attempt: 1 }));
/// assert_eq!(machine.last_event_id(), "1");
/// ```
#[derive(Debug)]
pub struct Machine {
    decoder: Decoder,
    /// Sources of one kind share one.
    reconnection: Arc<Reconnection>,
    reconnection_time: Duration,
    ready_state: ReadyState,
    /// What is going on, or still to be reported.
    phase: Phase,
    /// Attempts since a connection was last open.
    attempts: u32,
    /// Those in a row.
    failures: Failures,
    /// When the connection was opened; `None` while there is none.
    opened_at: Option<Duration>,
    /// The connection has brought an event, or a `retry` above the floor.
    fruitful: bool,
}

impl Machine {
    /// Returns a machine that is connecting; its first attempt is due at once. A last event ID to resume from is
    /// set on the decoder before: [`Decoder::set_last_event_id`].
    #[must_use]
    pub fn new(decoder: Decoder, reconnection: impl Into<Arc<Reconnection>>) -> Self {
        let reconnection = reconnection.into();
        let reconnection_time = reconnection.initial.max(reconnection.floor);
        Self {
            decoder,
            reconnection,
            reconnection_time,
            ready_state: ReadyState::Connecting,
            phase: Phase::Due,
            attempts: 0,
            failures: Failures::default(),
            opened_at: None,
            fruitful: false,
        }
    }

    /// Returns the ready state, as far as outputs have been taken.
    #[must_use]
    pub fn ready_state(&self) -> ReadyState {
        self.ready_state
    }

    /// Returns the last event ID string: what the next request carries in `Last-Event-ID`, unless it is empty.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }

    /// Returns the reconnection time in force: what the server set last, within the floor and the ceiling of
    /// [`Reconnection`].
    #[must_use]
    pub fn reconnection_time(&self) -> Duration {
        self.reconnection_time
    }

    /// Returns true while the body may be read: the connection is open, and [`Output::Open`] was taken.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.phase == Phase::Reading
    }

    /// Returns the next output, if there is one. The ready state changes when its output is taken and not before,
    /// as it does in the standard's queued tasks.
    pub fn poll(&mut self) -> Option<Output> {
        match self.phase {
            Phase::Due => {
                self.phase = Phase::Fetching;
                self.attempts = self.attempts.saturating_add(1);
                Some(Output::Connect {
                    attempt: self.attempts,
                })
            }
            Phase::Announcing => {
                self.phase = Phase::Reading;
                self.ready_state = ReadyState::Open;
                Some(Output::Open)
            }
            Phase::Losing {
                cause,
                delay,
                deadline,
            } => {
                self.phase = Phase::Waiting { deadline };
                self.ready_state = ReadyState::Connecting;
                let attempt = self.attempts.saturating_add(1);
                Some(Output::Reconnecting {
                    cause,
                    delay,
                    attempt,
                })
            }
            Phase::Failing(failure) => {
                self.phase = Phase::Closed;
                self.ready_state = ReadyState::Closed;
                Some(Output::Failed(failure))
            }
            Phase::Ending => {
                self.phase = Phase::Closed;
                self.ready_state = ReadyState::Closed;
                Some(Output::Ended)
            }
            Phase::Fetching | Phase::Reading | Phase::Waiting { .. } | Phase::Closed => None,
        }
    }

    /// Returns when to call [`handle_timeout`](Self::handle_timeout), as time since the same fixed moment; `None`
    /// while there is nothing to wait for.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        match self.phase {
            Phase::Waiting { deadline } => Some(deadline),
            _ => None,
        }
    }

    /// Reports the head of a final response (9.2.2, "processResponse"). A good one opens the connection; any other
    /// fails it for good.
    pub fn handle_response(&mut self, now: Duration, response: Response) {
        if self.phase != Phase::Fetching {
            return;
        }
        match response.failure() {
            Some(failure) => self.fail_connection(failure),
            None => self.announce_connection(now),
        }
    }

    /// Decodes bytes of the body; what they hold is appended to `batch`. A `retry` among them is in force at once.
    /// A limit that is exceeded fails the connection, after the items before it. Ignored unless
    /// [`is_reading`](Self::is_reading).
    pub fn handle_bytes(&mut self, chunk: &[u8], batch: &mut Batch) {
        if self.phase != Phase::Reading {
            return;
        }
        self.fill(batch, |decoder, filling| {
            decoder.decode_to(chunk, filling).map(drop)
        });
    }

    /// Discards what is unfinished, since another stream follows in the same body. The last event ID string and the
    /// reconnection time stay.
    pub fn reset(&mut self) {
        if self.phase == Phase::Reading {
            self.decoder.start_stream();
        }
    }

    /// Reports a network error that is not aborted, before the response or in the middle of the body: the
    /// connection is reestablished after a wait. `random` is any number, uniform over its range; the random share
    /// of the wait is taken from it.
    pub fn handle_network_error(&mut self, now: Duration, random: u32) {
        self.interrupt(now, Interruption::NetworkError, random);
    }

    /// Reports that the body has come to its proper end: the connection is reestablished after the reconnection
    /// time. An unfinished event is lost.
    pub fn handle_end_of_body(&mut self, now: Duration) {
        self.interrupt(now, Interruption::EndOfBody, 0);
    }

    /// Reports that nothing was received for longer than the idle timeout of the driver. Counts as a failed
    /// attempt.
    pub fn handle_idle(&mut self, now: Duration, random: u32) {
        self.interrupt(now, Interruption::Idle, random);
    }

    /// Reports an aborted network error: the user agent ended the fetch. The connection fails with
    /// [`Failure::Aborted`].
    pub fn handle_abort(&mut self) {
        if self.is_fetching() {
            self.fail_connection(Failure::Aborted);
        }
    }

    /// Reports a network error that another attempt cannot mend, such as a host name that is not valid. The
    /// connection fails with [`Failure::Permanent`].
    pub fn handle_permanent_network_error(&mut self) {
        if self.is_fetching() {
            self.fail_connection(Failure::Permanent);
        }
    }

    /// Makes the next attempt due, if the time has come that [`poll_timeout`](Self::poll_timeout) named. Earlier
    /// calls do nothing.
    pub fn handle_timeout(&mut self, now: Duration) {
        if self.poll_timeout().is_some_and(|deadline| deadline <= now) {
            self.phase = Phase::Due;
        }
    }

    /// Closes the source: the ready state is closed at once, and nothing follows, not even what was still to be
    /// reported. Further calls do nothing.
    pub fn close(&mut self) {
        self.phase = Phase::Closed;
        self.ready_state = ReadyState::Closed;
    }

    /// Whether there is a connection, or one is being made.
    fn is_fetching(&self) -> bool {
        matches!(
            self.phase,
            Phase::Fetching | Phase::Announcing | Phase::Reading
        )
    }

    /// The standard's "announce the connection". Another stream begins, so the decoder starts anew.
    fn announce_connection(&mut self, now: Duration) {
        self.phase = Phase::Announcing;
        self.attempts = 0;
        self.opened_at = Some(now);
        self.fruitful = false;
        self.decoder.start_stream();
    }

    /// Ignored once the connection has failed.
    fn interrupt(&mut self, now: Duration, cause: Interruption, random: u32) {
        if self.is_fetching() {
            self.reestablish_connection(now, cause, Duration::ZERO, random);
        }
    }

    /// The standard's "reestablish the connection", unless a limit on attempts forbids it.
    fn reestablish_connection(
        &mut self,
        now: Duration,
        cause: Interruption,
        at_least: Duration,
        random: u32,
    ) {
        let steps = self.count_failure(now, cause);
        let delay = self
            .reconnection
            .delay(self.reconnection_time, steps, at_least, random);
        let deadline = now.saturating_add(delay);
        if let Some(failure) = self.failures.exhausted(&self.reconnection, deadline) {
            return self.fail_connection(failure);
        }
        self.phase = Phase::Losing {
            cause,
            delay,
            deadline,
        };
    }

    /// Has `decode` append to `batch`, and takes note of what it brings.
    #[inline]
    fn fill(
        &mut self,
        batch: &mut Batch,
        decode: impl FnOnce(&mut Decoder, &mut Filling<'_>) -> Result<(), LimitExceeded>,
    ) {
        let before = batch.len();
        let mut filling = Filling {
            filler: batch.filler(),
            clamp: &self.reconnection,
            reconnection_time: &mut self.reconnection_time,
            fruitful: &mut self.fruitful,
        };
        let decoded = decode(&mut self.decoder, &mut filling);
        self.fruitful = self.fruitful || batch.has_event_after(before);
        if let Err(limit) = decoded {
            self.fail_connection(Failure::Limit(limit));
        }
    }

    /// The standard's "fail the connection".
    fn fail_connection(&mut self, failure: Failure) {
        self.phase = Phase::Failing(failure);
    }

    /// By how many failed attempts in a row the wait is lengthened.
    fn count_failure(&mut self, now: Duration, cause: Interruption) -> u32 {
        let open_for = self
            .opened_at
            .take()
            .map(|opened_at| now.saturating_sub(opened_at));
        let healthy = open_for.is_some_and(|time| time >= self.reconnection.healthy_after);
        let attempt = if cause.is_failed_attempt() {
            Attempt::Failed
        } else if open_for.is_some() && !healthy && !self.fruitful {
            Attempt::Empty
        } else {
            Attempt::Good
        };
        self.failures
            .count(&self.reconnection, now, attempt, healthy)
    }
}
