//! The event source in any order of stimuli. In: a configuration, then stimuli, a byte each and what
//! it needs. Out: a panic when an output, the ready state or a wait is not what `machine/model.rs`
//! allows.
//!
//! Next: `machine/model.rs`; `log.rs`.

mod model;

use crate::Input;
use crate::trace::push;
use model::Model;
use std::time::Duration;
use wellspring_proto::{Batch, Decoder, Limits, Machine, Reconnection, Response};
use wellspring_testkit::Trace;

/// The limit of a line, so that streams can fail by it.
const LINE: usize = 200;

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let reconnection = configuration(&mut input);
    let mut source = Source {
        machine: Machine::new(decoder(), reconnection),
        model: Model::new(reconnection, decoder()),
        batch: Batch::new(),
        now: Duration::ZERO,
    };
    source.check();
    while !input.is_empty() {
        source.stimulate(&mut input);
        source.check();
    }
}

fn decoder() -> Decoder {
    Decoder::with_limits(Limits::default().with_line(LINE))
}

fn configuration(input: &mut Input<'_>) -> Reconnection {
    let mut milliseconds = || Duration::from_millis(u64::from(input.byte()) * 20);
    let mut reconnection = Reconnection::default();
    reconnection.initial = milliseconds();
    reconnection.floor = milliseconds();
    reconnection.ceiling = match milliseconds() {
        Duration::ZERO => Duration::MAX,
        time => time * 100,
    };
    reconnection.cap = milliseconds() * 10;
    reconnection.healthy_after = milliseconds();
    reconnection.factor = u32::from(input.byte() % 8);
    reconnection.jitter = input.byte() & 1 == 0;
    reconnection
}

struct Source {
    machine: Machine,
    model: Model,
    batch: Batch,
    now: Duration,
}

impl Source {
    fn stimulate(&mut self, input: &mut Input<'_>) {
        let Self {
            machine,
            model,
            now,
            ..
        } = self;
        match input.byte() % 16 {
            0..=3 => {
                let output = machine.poll();
                model.polled(output, *now);
            }
            4 | 5 => {
                let response = response(input);
                machine.handle_response(*now, response);
                model.response(*now, response);
            }
            6 | 7 => self.bytes(input.bytes()),
            8 => {
                let random = input.number();
                machine.handle_network_error(*now, random);
                model.lost(*now, wellspring_proto::Interruption::NetworkError);
            }
            9 => {
                machine.handle_end_of_body(*now);
                model.lost(*now, wellspring_proto::Interruption::EndOfBody);
            }
            10 => {
                let random = input.number();
                machine.handle_idle(*now, random);
                model.lost(*now, wellspring_proto::Interruption::Idle);
            }
            11 => self.pass(input),
            12 => {
                machine.handle_timeout(*now);
                model.timeout(*now);
            }
            13 => {
                machine.reconnect_now();
                model.reconnect_now();
            }
            14 => match input.byte() % 4 {
                0 => {
                    machine.handle_abort();
                    model.failed(wellspring_proto::Failure::Aborted);
                }
                1 => {
                    machine.handle_permanent_network_error();
                    model.failed(wellspring_proto::Failure::Permanent);
                }
                2 => {
                    machine.close();
                    model.close();
                }
                _ => {}
            },
            _ => self.connect(),
        }
    }

    /// The usual way to an open connection.
    fn connect(&mut self) {
        for _ in 0..3 {
            if let Some(deadline) = self.machine.poll_timeout() {
                self.now = self.now.max(deadline);
                self.machine.handle_timeout(self.now);
                self.model.timeout(self.now);
            }
            let output = self.machine.poll();
            self.model.polled(output, self.now);
            self.machine.handle_response(self.now, GOOD);
            self.model.response(self.now, GOOD);
        }
    }

    fn bytes(&mut self, chunk: &[u8]) {
        self.machine.handle_bytes(chunk, &mut self.batch);
        let mut trace = Trace::new();
        while let Some(item) = self.batch.next_item() {
            push(&mut trace, item);
        }
        self.model.bytes(chunk, &trace);
    }

    /// Time passes: some, or up to just before the deadline, or up to it.
    fn pass(&mut self, input: &mut Input<'_>) {
        let some = Duration::from_millis(u64::from(input.number()));
        let deadline = self.machine.poll_timeout();
        self.now = match (input.byte() % 3, deadline) {
            (0, Some(deadline)) => self.now.max(deadline),
            (1, Some(deadline)) => self
                .now
                .max(deadline.saturating_sub(Duration::from_nanos(1))),
            _ => self.now.saturating_add(some),
        };
    }

    fn check(&self) {
        let Self { machine, model, .. } = self;
        assert_eq!(machine.ready_state(), model.ready_state);
        assert_eq!(machine.reconnection_time(), model.reconnection_time);
        assert_eq!(machine.poll_timeout(), model.deadline());
        assert_eq!(machine.is_reading(), model.is_reading());
        assert_eq!(machine.last_event_id(), model.last_event_id());
    }
}

const GOOD: Response = Response {
    status: 200,
    event_stream: true,
    coded: false,
};

fn response(input: &mut Input<'_>) -> Response {
    let flags = input.byte();
    Response {
        status: [200, 200, 200, 200, 204, 301, 404, 503][usize::from(flags % 8)],
        event_stream: flags & 8 == 0,
        coded: flags & 16 != 0,
    }
}
