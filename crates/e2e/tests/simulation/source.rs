//! One event source and the program behind it. In: answers, bytes, time. Out: a panic when what comes is not what
//! the server owed, or when the machine does what it should not.
//!
//! Next: `wellspring_proto::Machine`.

use std::time::Duration;

use fastrand::Rng;
use wellspring_proto::{
    Batch, Decoder, Failure, Interruption, Item, Machine, Output, ReadyState, Reconnection,
    Response,
};
use wellspring_server::Start;

use crate::answer::{self, Answer};
use crate::link::{Delivery, Link};
use crate::patience::Patience;
use crate::seen::Seen;
use crate::server::Server;
use crate::story::Story;

/// How long a connection may be silent.
const IDLE: Duration = Duration::from_secs(30);

/// What a source needs of the world around it.
pub(crate) struct Around<'a> {
    pub(crate) now: Duration,
    pub(crate) server: &'a mut Server,
    pub(crate) random: &'a mut Rng,
    pub(crate) story: &'a mut Story,
    /// Connections that their source has given up and the server has not.
    pub(crate) left_over: &'a mut Vec<Link>,
    /// Nothing fails any more.
    pub(crate) calm: bool,
}

pub(crate) struct Source {
    name: String,
    policy: Reconnection,
    /// Whether the program tries refused responses again.
    patient: bool,
    start: Start,
    machine: Machine,
    batch: Batch,
    patience: Patience,
    fetch: Option<(Answer, Duration)>,
    pub(crate) link: Option<Link>,
    last_byte: Duration,
    pub(crate) seen: Seen,
    /// Whether the program has asked for an attempt before its time.
    early: bool,
}

impl Source {
    pub(crate) fn draw(name: String, random: &mut Rng) -> Self {
        let policy = Patience::draw(random);
        let start = match random.u8(..3) {
            0 => Start::Live,
            _ => Start::Oldest,
        };
        Self {
            name,
            policy,
            patient: random.bool(),
            start,
            machine: Machine::new(decoder(), policy),
            batch: Batch::new(),
            patience: Patience::new(policy),
            fetch: None,
            link: None,
            last_byte: Duration::ZERO,
            seen: Seen::new(random.bool()),
            early: false,
        }
    }

    /// When something is due that is not due yet.
    pub(crate) fn due(&self, now: Duration) -> Option<Duration> {
        let moves = self.link.as_ref().and_then(|link| link.due(now));
        let idle = self.link.is_some().then(|| self.last_byte + IDLE);
        let fetch = self.fetch.map(|(_, due)| due);
        let due = self.machine.poll_timeout();
        [moves, idle, fetch, due].into_iter().flatten().min()
    }

    /// Lets it do one thing. `true` if it could.
    pub(crate) fn step(&mut self, around: &mut Around<'_>) -> bool {
        if let Some(output) = self.machine.poll() {
            self.carry_out(output, around);
            return true;
        }
        if let Some(deadline) = self.machine.poll_timeout() {
            return self.wait(deadline, around);
        }
        if let Some((answer, due)) = self.fetch {
            if around.now < due {
                return false;
            }
            self.fetch = None;
            self.answer(answer, around);
            return true;
        }
        assert!(self.machine.is_reading(), "{} is stuck", self.name);
        self.read(around)
    }

    fn carry_out(&mut self, output: Output, around: &mut Around<'_>) {
        let state = self.machine.ready_state();
        match output {
            Output::Connect { .. } => {
                assert_eq!(state, ReadyState::Connecting);
                self.patience.check_attempt(around.now, self.early);
                self.early = false;
                let known = self.seen.last_event_id().unwrap_or_default();
                assert_eq!(self.machine.last_event_id(), known);
                let (answer, hops, latency) = answer::draw(around.random, around.calm);
                for _ in 0..hops {
                    around.story.tell(around.now, &self.name, "redirect");
                }
                self.fetch = Some((answer, around.now + latency));
            }
            Output::Open => assert_eq!(state, ReadyState::Open),
            Output::Reconnecting { delay, .. } => {
                assert_eq!(state, ReadyState::Connecting);
                self.patience.check_delay(delay);
                self.stimulate_late(around);
            }
            Output::Failed(failure) => self.give_up(failure, around),
            other => panic!("{other:?}"),
        }
    }

    fn wait(&mut self, deadline: Duration, around: &mut Around<'_>) -> bool {
        if around.now >= deadline {
            self.machine.handle_timeout(around.now);
            return true;
        }
        if around.random.u8(..200) == 0 {
            around
                .story
                .tell(around.now, &self.name, "reconnected at once");
            self.early = true;
            self.machine.reconnect_now();
            return true;
        }
        // As a driver may, it asks too early.
        self.machine
            .handle_timeout(deadline - Duration::from_nanos(1));
        assert_eq!(self.machine.poll(), None);
        false
    }

    fn answer(&mut self, answer: Answer, around: &mut Around<'_>) {
        let what = match answer {
            Answer::Refused => "refused",
            Answer::CutInHead => "cut in the head",
            Answer::Permanent => "permanent error",
            Answer::RedirectsWithoutEnd => "redirects without end",
            Answer::Status(204, _) => "answer 204",
            Answer::Status(404, _) => "answer 404",
            Answer::Status(..) => "answer 503",
            Answer::OtherType => "answer with another MIME type",
            Answer::Good => "answer 200",
        };
        around.story.tell(around.now, &self.name, what);
        match answer {
            Answer::Refused | Answer::RedirectsWithoutEnd => self.lose(around),
            Answer::CutInHead => {
                self.subscribe(around);
                self.lose(around);
            }
            Answer::Permanent => self.machine.handle_permanent_network_error(),
            Answer::Status(status, at_least) => self.refuse(status, false, at_least, around),
            Answer::OtherType => self.refuse(200, false, Duration::ZERO, around),
            Answer::Good => {
                self.subscribe(around);
                self.last_byte = around.now;
                self.machine
                    .handle_response(around.now, response(200, true));
                self.patience.opened(around.now);
            }
        }
    }

    fn refuse(
        &mut self,
        status: u16,
        event_stream: bool,
        at_least: Duration,
        around: &mut Around<'_>,
    ) {
        self.machine
            .handle_response(around.now, response(status, event_stream));
        assert!(self.machine.failing().is_some());
        if self.patient && status != 204 {
            let cause = match status {
                200 => Interruption::Refused,
                status => Interruption::Status(status),
            };
            let random = around.random.u32(..);
            around
                .story
                .tell(around.now, &self.name, "reconnected by policy");
            self.machine
                .reconnect_after(around.now, cause, at_least, random);
            self.patience.lost(around.now, cause, at_least);
        }
    }

    fn subscribe(&mut self, around: &mut Around<'_>) {
        let last_seen = self.seen.last_event_id();
        if last_seen.is_some_and(|id| around.server.has_lost(id)) {
            let who = &self.name;
            around.story.tell(around.now, who, "gap after a resume");
        }
        let stream = around
            .server
            .subscribe(last_seen, self.start, self.seen.gap_event);
        let retry = Duration::from_millis(around.random.u64(..3_000));
        let stream = stream.with_retry(retry);
        self.link = Some(Link::new(stream, around.random, around.calm));
    }

    /// `true` if something came.
    fn read(&mut self, around: &mut Around<'_>) -> bool {
        let Some(link) = &mut self.link else {
            panic!("{} reads from nowhere", self.name);
        };
        match link.deliver(around.now, around.server, around.random, around.story) {
            Delivery::Bytes(bytes) => {
                self.last_byte = around.now;
                self.machine.handle_bytes(&bytes, &mut self.batch);
                self.take_items(around.story);
            }
            Delivery::Silence if around.now >= self.last_byte + IDLE => {
                around.story.tell(around.now, &self.name, "idle");
                let random = around.random.u32(..);
                self.machine.handle_idle(around.now, random);
                self.patience
                    .lost(around.now, Interruption::Idle, Duration::ZERO);
                self.leave(around);
            }
            Delivery::Silence => return false,
            Delivery::Fault(what) => {
                around.story.tell(around.now, &self.name, what);
                self.lose(around);
            }
            Delivery::EndOfBody => {
                around.story.tell(around.now, &self.name, "end of body");
                self.link = None;
                self.machine.handle_end_of_body(around.now);
                self.patience
                    .lost(around.now, Interruption::EndOfBody, Duration::ZERO);
            }
        }
        true
    }

    fn lose(&mut self, around: &mut Around<'_>) {
        let random = around.random.u32(..);
        self.machine.handle_network_error(around.now, random);
        self.patience
            .lost(around.now, Interruption::NetworkError, Duration::ZERO);
        self.leave(around);
    }

    /// The server may not know that a connection is of no use any more, while there is another one.
    fn leave(&mut self, around: &mut Around<'_>) {
        if let Some(link) = self.link.take()
            && around.random.bool()
        {
            around
                .story
                .tell(around.now, &self.name, "connection left over");
            around.left_over.push(link);
        }
    }

    /// What a connection says when it is not wanted any more.
    fn stimulate_late(&mut self, around: &mut Around<'_>) {
        around.story.tell(around.now, &self.name, "late stimulus");
        let (now, machine) = (around.now, &mut self.machine);
        let deadline = machine.poll_timeout();
        match around.random.u8(..5) {
            0 => machine.handle_bytes(b"data: late\n\n", &mut self.batch),
            1 => machine.handle_end_of_body(now),
            2 => machine.handle_network_error(now, 0),
            3 => machine.handle_idle(now, 0),
            _ => machine.handle_response(now, response(200, true)),
        }
        assert!(self.batch.is_empty());
        assert_eq!((machine.poll(), machine.poll_timeout()), (None, deadline));
    }

    fn give_up(&mut self, failure: Failure, around: &mut Around<'_>) {
        match failure {
            Failure::Attempts(_) => {
                around
                    .story
                    .tell(around.now, &self.name, "attempts exhausted");
                self.patience.check_exhausted(failure);
            }
            Failure::Elapsed(_) => {
                around.story.tell(around.now, &self.name, "time exhausted");
                self.patience.check_exhausted(failure);
            }
            Failure::Status(204) | Failure::Permanent => {}
            _ => assert!(!self.patient, "{failure:?} should have been tried again"),
        }
        self.start_again(around);
    }

    /// The program closes it in the middle of whatever it does.
    pub(crate) fn close(&mut self, around: &mut Around<'_>) {
        around
            .story
            .tell(around.now, &self.name, "closed by the program");
        self.machine.close();
        self.start_again(around);
    }

    /// This source is closed for good; the program makes another one, with the id it kept or without.
    fn start_again(&mut self, around: &mut Around<'_>) {
        assert_eq!(self.machine.ready_state(), ReadyState::Closed);
        self.stimulate_late(around);
        self.machine.reconnect_now();
        assert_eq!(
            (self.machine.poll(), self.machine.poll_timeout()),
            (None, None)
        );
        self.fetch = None;
        self.leave(around);
        around.story.tell(around.now, &self.name, "started again");
        if around.random.u8(..3) == 0 {
            self.seen.forget();
        }
        let mut decoder = decoder();
        decoder.set_last_event_id(self.seen.last_event_id().unwrap_or_default());
        self.machine = Machine::new(decoder, self.policy);
        self.patience = Patience::new(self.policy);
    }

    fn take_items(&mut self, story: &mut Story) {
        let link = self.link.as_ref().unwrap();
        let mut owed = link.stream.owed.borrow_mut();
        while let Some(item) = self.batch.next_item() {
            if let Item::Retry(time) = item {
                self.patience.set(time);
            } else {
                self.seen.take(item, &mut owed, &self.name, story);
            }
        }
    }
}

fn decoder() -> Decoder {
    Decoder::new().comments(true)
}

fn response(status: u16, event_stream: bool) -> Response {
    Response {
        status,
        event_stream,
        coded: false,
    }
}
