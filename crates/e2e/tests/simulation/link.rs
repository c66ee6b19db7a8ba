//! A connection that fails. In: a stream of the channel, a source of chance. Out: its bytes in pieces,
//! and its end at a place that hurts.
//!
//! Next: `world.rs`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use fastrand::Rng;
use hyper::body::Body;
use wellspring_server::EventStream;

/// Where a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is refused.
    Refused,
    /// At any byte.
    Anywhere,
    /// In the middle of a character.
    InCharacter,
    /// Between the CR and the LF of one line end.
    InLineEnd,
    /// After the last line of an event, before the blank one.
    BeforeBlankLine,
    /// After the id line, before the rest.
    AfterId,
}

impl Fault {
    pub(crate) const ALL: [Self; 6] = [
        Self::Refused,
        Self::Anywhere,
        Self::InCharacter,
        Self::InLineEnd,
        Self::BeforeBlankLine,
        Self::AfterId,
    ];

    /// Whether this is the place, between what was sent and what was not.
    fn is_at(self, sent: &[u8], next: u8) -> bool {
        match self {
            Self::Refused | Self::Anywhere => true,
            Self::InCharacter => next & 0xC0 == 0x80,
            Self::InLineEnd => next == b'\n' && sent.ends_with(b"\r"),
            Self::BeforeBlankLine => is_line_end(next) && ends_line(sent),
            Self::AfterId => next == b'd' && ends_line(sent),
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// A line end that is complete, whatever follows.
fn ends_line(sent: &[u8]) -> bool {
    sent.ends_with(b"\n") || sent.ends_with(b"\r")
}

/// How often each fault has happened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) events: u64,
    pub(crate) ends_of_body: u64,
    faults: [u64; 6],
}

impl Tally {
    pub(crate) fn count(&mut self, fault: Fault) {
        self.faults[fault as usize] += 1;
    }

    pub(crate) fn of(&self, fault: Fault) -> u64 {
        self.faults[fault as usize]
    }
}

pub(crate) struct Link {
    stream: EventStream,
    line_end: &'static [u8],
    /// From the server, not delivered yet.
    queue: VecDeque<u8>,
    /// The last two bytes delivered.
    sent: Vec<u8>,
    /// How many bytes go through before the fault is looked for.
    patience: usize,
    pub(crate) fault: Fault,
    ended: bool,
}

/// What comes over a link.
pub(crate) enum Delivery {
    Bytes(Vec<u8>),
    /// Nothing, now.
    Silence,
    Fault,
    EndOfBody,
}

impl Link {
    pub(crate) fn new(stream: EventStream, random: &mut Rng) -> Self {
        let fault = Fault::ALL[random.usize(1..6)];
        let line_end: &[u8] = match random.u8(..3) {
            _ if fault == Fault::InLineEnd => b"\r\n",
            0 => b"\n",
            1 => b"\r\n",
            _ => b"\r",
        };
        Self {
            stream: stream.without_keep_alive(),
            line_end,
            queue: VecDeque::new(),
            sent: Vec::new(),
            patience: [0, 40, 200, 1000][random.usize(..4)],
            fault,
            ended: false,
        }
    }

    pub(crate) fn deliver(&mut self, random: &mut Rng) -> Delivery {
        self.receive();
        let wanted = [1, 2, 3, 7, 30, 500][random.usize(..6)];
        let mut bytes = Vec::new();
        while bytes.len() < wanted
            && let Some(next) = self.queue.front().copied()
        {
            if self.patience == 0 && self.fault.is_at(&self.sent, next) {
                break;
            }
            self.patience = self.patience.saturating_sub(1);
            self.queue.pop_front();
            self.sent.push(next);
            bytes.push(next);
        }
        self.sent.drain(..self.sent.len().saturating_sub(2));
        match (bytes.is_empty(), self.queue.is_empty(), self.ended) {
            (false, ..) => Delivery::Bytes(bytes),
            (true, false, _) => Delivery::Fault,
            (true, true, true) => Delivery::EndOfBody,
            (true, true, false) => Delivery::Silence,
        }
    }

    /// Takes what the channel has, with this connection's line ends.
    fn receive(&mut self) {
        let mut cx = Context::from_waker(Waker::noop());
        while let Poll::Ready(frame) = Pin::new(&mut self.stream).poll_frame(&mut cx) {
            let Some(frame) = frame else {
                self.ended = true;
                return;
            };
            for byte in frame.unwrap().into_data().unwrap() {
                if byte == b'\n' {
                    self.queue.extend(self.line_end);
                } else {
                    self.queue.push_back(byte);
                }
            }
        }
    }
}
