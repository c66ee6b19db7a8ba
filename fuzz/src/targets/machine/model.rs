//! What an event source may do. In: the stimuli, and what the machine made of them. Out: a panic when
//! it did something else. Of a wait it knows the bounds only: jitter is the machine's own.
//!
//! Next: `log.rs`.

use crate::trace::visit;
use std::time::Duration;
use wellspring_proto::{
    Decoder, Failure, Interruption, Output, ReadyState, Reconnection, Response,
};
use wellspring_testkit::{Trace, TraceItem};

/// What the machine has yet to tell.
enum Pending {
    Nothing,
    Connect,
    Open,
    Lost(Duration, Interruption),
    Failed(Failure),
}

pub(super) struct Model {
    pub(super) ready_state: ReadyState,
    pub(super) reconnection_time: Duration,
    reconnection: Reconnection,
    decoder: Decoder,
    pending: Pending,
    /// A fetch is under way, its head seen or not.
    fetch: bool,
    head: bool,
    reading: bool,
    waiting: Option<Duration>,
    opened: Option<Duration>,
    /// It brought an event, or a reconnection time above the floor.
    fruitful: bool,
    attempts: u32,
    failures: u32,
}

impl Model {
    pub(super) fn new(reconnection: Reconnection, decoder: Decoder) -> Self {
        Self {
            ready_state: ReadyState::Connecting,
            reconnection_time: reconnection.initial.max(reconnection.floor),
            reconnection,
            decoder,
            pending: Pending::Connect,
            fetch: false,
            head: false,
            reading: false,
            waiting: None,
            opened: None,
            fruitful: false,
            attempts: 0,
            failures: 0,
        }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.waiting
    }

    pub(super) fn is_reading(&self) -> bool {
        self.reading
    }

    pub(super) fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }

    /// The ready state changes when it is told, and to what was told.
    pub(super) fn polled(&mut self, output: Option<Output>, now: Duration) {
        let pending = std::mem::replace(&mut self.pending, Pending::Nothing);
        match (pending, output) {
            (Pending::Nothing, None) => {}
            (Pending::Connect, Some(Output::Connect { attempt })) => {
                assert_eq!(self.ready_state, ReadyState::Connecting);
                self.attempts += 1;
                assert_eq!(attempt, self.attempts);
                self.fetch = true;
            }
            (Pending::Open, Some(Output::Open)) => {
                self.ready_state = ReadyState::Open;
                self.reading = true;
            }
            (
                Pending::Lost(at, why),
                Some(Output::Reconnecting {
                    cause,
                    delay,
                    attempt,
                }),
            ) => {
                assert_eq!(cause, why);
                assert_eq!(attempt, self.attempts + 1);
                assert!(at <= now);
                self.check_delay(cause, delay);
                self.ready_state = ReadyState::Connecting;
                self.waiting = Some(at.saturating_add(delay));
            }
            (Pending::Failed(why), Some(Output::Failed(failure))) => {
                assert_eq!(failure, why);
                self.ready_state = ReadyState::Closed;
            }
            (_, output) => panic!("{output:?} was not to be told"),
        }
    }

    /// Never shorter than the reconnection time; exactly that after a clean end, unless empty ones count.
    fn check_delay(&self, cause: Interruption, delay: Duration) {
        assert!(delay >= self.reconnection_time);
        if cause == Interruption::EndOfBody && !self.reconnection.back_off_after_empty {
            assert_eq!(delay, self.reconnection_time);
            return;
        }
        let mut longer = self.reconnection_time;
        for _ in 1..self.failures.min(100) {
            longer = longer.saturating_mul(self.reconnection.factor.max(1));
        }
        let base = longer
            .min(self.reconnection.cap)
            .max(self.reconnection_time);
        let jittered = base.saturating_add(base);
        assert!(delay >= base, "{delay:?} is shorter than {base:?}");
        if self.reconnection.jitter {
            assert!(delay <= jittered, "{delay:?} is longer than {jittered:?}");
        } else {
            assert_eq!(delay, base);
        }
    }

    pub(super) fn response(&mut self, now: Duration, response: Response) {
        if !self.fetch || self.head {
            return;
        }
        match response {
            Response { status, .. } if status != 200 => self.failed(Failure::Status(status)),
            Response { event_stream, .. } if !event_stream => self.failed(Failure::ContentType),
            Response { coded, .. } if coded => self.failed(Failure::ContentCoding),
            _ => {
                self.head = true;
                self.pending = Pending::Open;
                self.opened = Some(now);
                self.fruitful = false;
                self.attempts = 0;
                self.decoder.start_stream();
            }
        }
    }

    /// Nothing is read unless the program knows of the connection.
    pub(super) fn bytes(&mut self, chunk: &[u8], found: &Trace) {
        if !self.reading {
            assert!(found.items.is_empty());
            return;
        }
        let (expected, result) = visit(&mut self.decoder, &[chunk]);
        assert_eq!(*found, expected);
        for item in &found.items {
            match item {
                TraceItem::Retry(time) => {
                    let Reconnection { floor, ceiling, .. } = self.reconnection;
                    self.reconnection_time = (*time).min(ceiling).max(floor);
                    self.fruitful |= *time > floor;
                }
                TraceItem::Event { .. } => self.fruitful = true,
                _ => {}
            }
        }
        if let Err(limit) = result {
            self.failed(Failure::Limit(limit));
        }
    }

    pub(super) fn lost(&mut self, now: Duration, cause: Interruption) {
        if !self.fetch {
            return;
        }
        let open_for = self.opened.take().map(|opened| now.saturating_sub(opened));
        let clean = cause == Interruption::EndOfBody;
        let healthy = open_for.is_some_and(|time| time >= self.reconnection.healthy_after);
        let empty = clean && open_for.is_some() && !healthy && !self.fruitful;
        let lengthens = !clean || (empty && self.reconnection.back_off_after_empty);
        if healthy || !lengthens {
            self.failures = 0;
        }
        self.failures += u32::from(lengthens);
        self.stop();
        self.pending = Pending::Lost(now, cause);
    }

    pub(super) fn failed(&mut self, failure: Failure) {
        if self.fetch {
            self.stop();
            self.pending = Pending::Failed(failure);
        }
    }

    /// Not a nanosecond early.
    pub(super) fn timeout(&mut self, now: Duration) {
        if self.waiting.is_some_and(|deadline| deadline <= now) {
            self.reconnect_now();
        }
    }

    pub(super) fn reconnect_now(&mut self) {
        if self.waiting.take().is_some() {
            self.pending = Pending::Connect;
        }
    }

    /// Nothing ever follows.
    pub(super) fn close(&mut self) {
        self.stop();
        self.waiting = None;
        self.pending = Pending::Nothing;
        self.ready_state = ReadyState::Closed;
    }

    fn stop(&mut self) {
        self.fetch = false;
        self.head = false;
        self.reading = false;
    }
}
