//! A server, a link, a client, and the time. In: a seed. Out: a panic, if what the client sees is not
//! what was published, or if it comes back too early.
//!
//! Next: `wellspring_proto::Machine`, which is the client.

use std::time::Duration;

use fastrand::Rng;
use wellspring_e2e::numbered::{Judge, data, event_type};
use wellspring_proto::{
    Batch, Decoder, Interruption, Item, Machine, Output, ReadyState, Reconnection, Response,
};
use wellspring_server::{Block, Channel, LastEventId, Start, Subscription};

use crate::link::{Delivery, Fault, Link, Tally};

const EVENTS: u64 = 60;
const EPOCH: &str = "sim";
/// More than any run takes.
const STEPS: usize = 100_000;
const FLOOR: Duration = Duration::from_millis(100);

pub(crate) struct World {
    random: Rng,
    now: Duration,
    channel: Channel,
    published: u64,
    link: Option<Link>,
    machine: Machine,
    batch: Batch,
    judge: Judge,
    /// The reconnection time that the server set last, as far as the client has read it.
    reconnection_time: Duration,
    lost_at: Option<Duration>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        Self {
            now: Duration::from_millis(random.u64(..1_000_000)),
            random,
            channel: channel_with(0),
            published: 0,
            link: None,
            machine: Machine::new(Decoder::new(), Reconnection::default()),
            batch: Batch::new(),
            judge: Judge::new(EVENTS),
            reconnection_time: Reconnection::default().initial,
            lost_at: None,
        }
    }

    pub(crate) fn run(mut self, tally: &mut Tally) {
        for _ in 0..STEPS {
            self.publish();
            while let Some(output) = self.machine.poll() {
                self.carry_out(output, tally);
            }
            if let Some(deadline) = self.machine.poll_timeout() {
                self.wait(deadline);
            } else if self.machine.is_reading() {
                self.read(tally);
            }
            self.take_items();
            if self.judge.is_content() {
                tally.events += EVENTS;
                return;
            }
        }
        panic!("only {} of {EVENTS} events have come", self.judge.count());
    }

    /// Sometimes, whatever else happens.
    fn publish(&mut self) {
        if self.published < EVENTS && self.random.u8(..8) == 0 {
            self.published += 1;
            // What comes after the end of one life of the channel is in the next.
            if !self.channel.is_closed() {
                publish(&self.channel, self.published);
            }
        }
    }

    fn carry_out(&mut self, output: Output, tally: &mut Tally) {
        match output {
            Output::Connect { .. } => {
                if let Some(lost_at) = self.lost_at.take() {
                    let waited = self.now - lost_at;
                    assert!(
                        waited >= self.reconnection_time,
                        "came back after {waited:?}"
                    );
                }
                self.connect(tally);
            }
            Output::Open => assert_eq!(self.machine.ready_state(), ReadyState::Open),
            Output::Reconnecting { cause, delay, .. } => {
                assert_eq!(self.machine.ready_state(), ReadyState::Connecting);
                assert!(delay >= self.reconnection_time, "{delay:?}");
                if cause == Interruption::EndOfBody {
                    assert_eq!(delay, self.reconnection_time);
                }
            }
            other => panic!("{other:?}"),
        }
    }

    fn connect(&mut self, tally: &mut Tally) {
        self.pass_time();
        if self.random.u8(..4) == 0 {
            tally.count(Fault::Refused);
            return self.lose();
        }
        if self.channel.is_closed() || self.random.u8(..4) == 0 {
            // The server has been away, and made its history again.
            self.channel = channel_with(self.published);
        }
        let id = self.machine.last_event_id();
        let id = (!id.is_empty()).then(|| LastEventId::new(id).unwrap());
        let subscription = Subscription::new().last_event_id(id).start(Start::Oldest);
        let stream = self.channel.subscribe(subscription);
        let retry = Duration::from_millis(self.random.u64(..3_000));
        self.link = Some(Link::new(stream.retry(retry), &mut self.random));
        let response = Response {
            status: 200,
            event_stream: true,
            coded: false,
        };
        self.machine.handle_response(self.now, response);
    }

    fn read(&mut self, tally: &mut Tally) {
        let Some(link) = &mut self.link else {
            panic!("the machine reads from nowhere");
        };
        match link.deliver(&mut self.random) {
            Delivery::Bytes(bytes) => self.machine.handle_bytes(&bytes, &mut self.batch),
            Delivery::Silence if self.random.u8(..200) == 0 => self.channel.close(),
            Delivery::Silence => self.pass_time(),
            Delivery::Fault => {
                tally.count(link.fault);
                self.lose();
            }
            Delivery::EndOfBody => {
                tally.ends_of_body += 1;
                self.link = None;
                self.machine.handle_end_of_body(self.now);
                self.lost_at = Some(self.now);
            }
        }
    }

    fn lose(&mut self) {
        self.link = None;
        let random = self.random.u32(..);
        self.machine.handle_network_error(self.now, random);
        self.lost_at = Some(self.now);
    }

    /// Asks too early first, as a driver may.
    fn wait(&mut self, deadline: Duration) {
        let early = deadline.saturating_sub(Duration::from_nanos(1));
        self.machine.handle_timeout(early);
        assert_eq!(self.machine.poll(), None);
        self.now = self.now.max(deadline);
        self.machine.handle_timeout(self.now);
    }

    fn take_items(&mut self) {
        while let Some(item) = self.batch.next_item() {
            match item {
                Item::Event(event) => {
                    let id = event.last_event_id.strip_prefix("sim-").unwrap();
                    let judged = self.judge.judge(event.event_type, event.data, id);
                    judged.unwrap();
                }
                Item::Retry(time) => self.reconnection_time = time.max(FLOOR),
                _ => {}
            }
        }
    }

    fn pass_time(&mut self) {
        self.now += Duration::from_millis(self.random.u64(..500));
    }
}

/// A channel after so many events, always the same.
fn channel_with(published: u64) -> Channel {
    let channel = Channel::builder().epoch(EPOCH).unwrap().build();
    (1..=published).for_each(|number| publish(&channel, number));
    channel
}

fn publish(channel: &Channel, number: u64) {
    let block = Block::data(data(number)).event_type(event_type(number));
    let sequence = channel.publish(block.unwrap()).unwrap();
    assert_eq!(sequence.value(), number);
}
