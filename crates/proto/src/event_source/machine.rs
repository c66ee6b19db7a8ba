//! The state machine (HTML Standard 9.2.3). In: `handle_…`, what happened, with the time since any
//! start and a random number where one is needed. Out: [`Machine::poll`], what to do or to tell.
//!
//! The rule for its driver: take outputs until there are none, hand on the batch until it is empty,
//! only then read on. So open, events and loss of connection stay in one order, and the ready state
//! changes exactly when the program learns of it.
//!
//! Next: `machine/pending.rs`; `reconnection.rs`; then the driver of a client.

mod pending;
mod restart;

use super::failures::{Attempt, Failures};
use super::filling::Filling;
use super::outcome::{Failure, Interruption};
use super::output::{Output, Response};
use super::{ReadyState, Reconnection};
use crate::event_stream::{Batch, Decoder, LimitExceeded};
use alloc::sync::Arc;
use core::time::Duration;

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
    Waiting {
        deadline: Duration,
    },
    /// The connection has failed; not reported yet.
    Failing(Failure),
    /// The stream is complete; not reported yet.
    Ending,
    Closed,
}

/// An event source without I/O: the ready state, the reconnection time, the last event ID string and
/// the decoder.
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
    phase: Phase,
    /// Attempts since a connection was last open.
    attempts: u32,
    failures: Failures,
    opened_at: Option<Duration>,
    /// The connection has brought an event, or a `retry` above the floor.
    fruitful: bool,
}

impl Machine {
    /// A source that is connecting; its first attempt is due at once.
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

    /// The ready state, as far as outputs have been taken.
    #[must_use]
    pub fn ready_state(&self) -> ReadyState {
        self.ready_state
    }

    /// The last event ID string.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }

    /// The reconnection time in force: what the server set last, within the clamp.
    #[must_use]
    pub fn reconnection_time(&self) -> Duration {
        self.reconnection_time
    }

    /// Whether the body may be read: the connection is announced and the program knows.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.phase == Phase::Reading
    }

    /// The next output, if there is one. It changes the ready state as the standard's queued tasks
    /// do: when it is taken, not before.
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

    /// When to call [`handle_timeout`](Self::handle_timeout), as time since the same start.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        match self.phase {
            Phase::Waiting { deadline } => Some(deadline),
            _ => None,
        }
    }

    /// The head of a final response has come (9.2.2, "processResponse").
    pub fn handle_response(&mut self, now: Duration, response: Response) {
        if self.phase != Phase::Fetching {
            return;
        }
        match response.failure() {
            Some(failure) => self.fail_connection(failure),
            None => self.announce_connection(now),
        }
    }

    /// Bytes of the body have come; what they hold is appended to `batch`. A `retry` is in force at
    /// once. Ignored unless [`is_reading`](Self::is_reading).
    pub fn handle_bytes(&mut self, chunk: &[u8], batch: &mut Batch) {
        if self.phase != Phase::Reading {
            return;
        }
        self.fill(batch, |decoder, filling| {
            decoder.decode_to(chunk, filling).map(drop)
        });
    }

    /// Another stream follows in the same body: what is unfinished of the one before is discarded.
    /// The last event ID string and the reconnection time stay.
    pub fn reset(&mut self) {
        if self.phase == Phase::Reading {
            self.decoder.start_stream();
        }
    }

    /// A network error that is not aborted, before the response or in the middle of the body.
    /// `random` is any number, uniform over its range.
    pub fn handle_network_error(&mut self, now: Duration, random: u32) {
        self.interrupt(now, Interruption::NetworkError, random);
    }

    /// The body has come to its proper end.
    pub fn handle_end_of_body(&mut self, now: Duration) {
        self.interrupt(now, Interruption::EndOfBody, 0);
    }

    /// Nothing was received for longer than the idle timeout of the driver.
    pub fn handle_idle(&mut self, now: Duration, random: u32) {
        self.interrupt(now, Interruption::Idle, random);
    }

    /// An aborted network error: the user agent ended the fetch.
    pub fn handle_abort(&mut self) {
        if self.is_fetching() {
            self.fail_connection(Failure::Aborted);
        }
    }

    /// A network error that is known to be futile to try again.
    pub fn handle_permanent_network_error(&mut self) {
        if self.is_fetching() {
            self.fail_connection(Failure::Permanent);
        }
    }

    /// A policy has the connection reestablished, whatever the standard says of its end: after a
    /// response that it refuses, or a limit that was exceeded. A wait that is under way begins anew. It
    /// is never shorter than `at_least`, nor than the reconnection time. `random` is any number, uniform
    /// over its range.
    pub fn reconnect_after(
        &mut self,
        now: Duration,
        cause: Interruption,
        at_least: Duration,
        random: u32,
    ) {
        if !matches!(self.phase, Phase::Ending | Phase::Closed) {
            self.reestablish_connection(now, cause, at_least, random);
        }
    }

    /// A policy has the connection failed, whatever the standard says of its end; the wait for the next
    /// one, too.
    pub fn fail(&mut self, failure: Failure) {
        if !matches!(
            self.phase,
            Phase::Failing(_) | Phase::Ending | Phase::Closed
        ) {
            self.fail_connection(failure);
        }
    }

    /// A policy takes the stream for complete: no reconnection, and no failure.
    pub fn end(&mut self) {
        if self.phase != Phase::Closed {
            self.phase = Phase::Ending;
        }
    }

    /// The failure that is not reported yet.
    #[must_use]
    pub fn failing(&self) -> Option<Failure> {
        match self.phase {
            Phase::Failing(failure) => Some(failure),
            _ => None,
        }
    }

    /// The time has come that [`poll_timeout`](Self::poll_timeout) named; earlier calls do nothing.
    pub fn handle_timeout(&mut self, now: Duration) {
        if self.poll_timeout().is_some_and(|deadline| deadline <= now) {
            self.phase = Phase::Due;
        }
    }

    /// Ends a wait for the next attempt now. The program overrides the reconnection time.
    pub fn reconnect_now(&mut self) {
        if matches!(self.phase, Phase::Waiting { .. }) {
            self.phase = Phase::Due;
        }
    }

    /// `close()`: the ready state is closed at once, and nothing follows. Again does nothing.
    pub fn close(&mut self) {
        self.phase = Phase::Closed;
        self.ready_state = ReadyState::Closed;
    }

    fn is_fetching(&self) -> bool {
        matches!(
            self.phase,
            Phase::Fetching | Phase::Announcing | Phase::Reading
        )
    }

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
