//! A connection that fails. In: a stream of the channel, a source of chance. Out: its bytes in pieces, late if it
//! comes to that, and its end at a place that hurts.
//!
//! Next: `source.rs`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use fastrand::Rng;
use hyper::body::Body;

use crate::server::{Server, Stream};
use crate::story::Story;

/// Where a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Never,
    /// At any byte.
    Anywhere,
    /// In the middle of a character.
    InCharacter,
    /// Between the CR and the LF of one line end.
    InLineEnd,
    /// After the last line of an event, before the blank one.
    BeforeBlankLine,
    /// After the id line, before what follows.
    AfterId,
    /// From any byte on nothing comes, and nobody is told.
    HalfOpen,
}

impl Fault {
    const ALL: [Self; 6] = [
        Self::Anywhere,
        Self::InCharacter,
        Self::InLineEnd,
        Self::BeforeBlankLine,
        Self::AfterId,
        Self::HalfOpen,
    ];

    /// Whether this is the place, between what was sent and what was not.
    fn is_at(self, sent: &[u8], next: u8) -> bool {
        match self {
            Self::Never => false,
            Self::Anywhere | Self::HalfOpen => true,
            Self::InCharacter => next & 0xC0 == 0x80,
            Self::InLineEnd => next == b'\n' && sent.ends_with(b"\r"),
            Self::BeforeBlankLine => is_line_end(next) && ends_line(sent),
            Self::AfterId => ends_line(sent) && last_line(sent).starts_with(b"id"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Never | Self::Anywhere => "cut anywhere",
            Self::InCharacter => "cut in a character",
            Self::InLineEnd => "cut in a line end",
            Self::BeforeBlankLine => "cut before a blank line",
            Self::AfterId => "cut after an id",
            Self::HalfOpen => "half-open",
        }
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// A line end that is complete, whatever follows.
fn ends_line(sent: &[u8]) -> bool {
    sent.last().copied().is_some_and(is_line_end)
}

/// The line that the end ends.
fn last_line(sent: &[u8]) -> &[u8] {
    let line = sent.trim_ascii_end();
    let start = line.iter().rposition(|byte| is_line_end(*byte));
    &line[start.map_or(0, |start| start + 1)..]
}

/// How much of what was sent a fault looks at.
const REMEMBERED: usize = 64;

pub(crate) struct Link {
    pub(crate) stream: Stream,
    line_end: &'static [u8],
    /// From the server, not delivered yet.
    queue: VecDeque<u8>,
    /// The last bytes delivered.
    sent: Vec<u8>,
    /// How many bytes go through before the fault is looked for.
    patience: usize,
    fault: Fault,
    /// The server's end has come.
    ended: bool,
    /// Nothing moves before.
    held_until: Duration,
    /// Nothing ever moves again.
    dead: bool,
    /// The server has gone.
    severed: bool,
}

/// What comes over a link.
pub(crate) enum Delivery {
    Bytes(Vec<u8>),
    /// Nothing, now.
    Silence,
    Fault(&'static str),
    EndOfBody,
}

impl Link {
    pub(crate) fn new(stream: Stream, random: &mut Rng, calm: bool) -> Self {
        let fault = match calm {
            true => Fault::Never,
            false => Fault::ALL[random.usize(..6)],
        };
        let line_end: &[u8] = match random.u8(..3) {
            _ if fault == Fault::InLineEnd => b"\r\n",
            0 => b"\n",
            1 => b"\r\n",
            _ => b"\r",
        };
        Self {
            stream,
            line_end,
            queue: VecDeque::new(),
            sent: Vec::new(),
            patience: [0, 40, 200, 1000][random.usize(..4)],
            fault,
            ended: false,
            held_until: Duration::ZERO,
            dead: false,
            severed: false,
        }
    }

    pub(crate) fn deliver(
        &mut self,
        now: Duration,
        server: &Server,
        random: &mut Rng,
        story: &mut Story,
    ) -> Delivery {
        if self.dead || now < self.held_until {
            return Delivery::Silence;
        }
        if random.u8(..30) == 0 {
            story.tell(now, &"a link", "bytes late");
            self.held_until = now + Duration::from_millis(random.u64(..2_000));
            return Delivery::Silence;
        }
        if self.receive(server) {
            story.tell(now, &"a link", "gap of a slow reader");
        }
        let bytes = self.take(random);
        match (bytes.is_empty(), self.queue.is_empty(), self.ended) {
            (false, ..) => Delivery::Bytes(bytes),
            (true, false, _) if self.fault == Fault::HalfOpen => {
                self.dead = true;
                story.tell(now, &"a link", self.fault.name());
                Delivery::Silence
            }
            (true, false, _) => Delivery::Fault(self.fault.name()),
            (true, true, true) => Delivery::EndOfBody,
            (true, true, false) => Delivery::Silence,
        }
    }

    /// When it moves again, if it is held.
    pub(crate) fn due(&self, now: Duration) -> Option<Duration> {
        (now < self.held_until && !self.dead).then_some(self.held_until)
    }

    /// A piece, up to the fault.
    fn take(&mut self, random: &mut Rng) -> Vec<u8> {
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
        let surplus = self.sent.len().saturating_sub(REMEMBERED);
        self.sent.drain(..surplus);
        bytes
    }

    /// Takes what the channel has, with this connection's line ends. `true` if some of it was gone.
    pub(crate) fn receive(&mut self, server: &Server) -> bool {
        if self.severed {
            return false;
        }
        let slow = server.read(&mut self.stream);
        let mut cx = Context::from_waker(Waker::noop());
        while let Poll::Ready(frame) = Pin::new(&mut self.stream.stream).poll_frame(&mut cx) {
            let Some(frame) = frame else {
                self.ended = true;
                break;
            };
            for byte in frame.unwrap().into_data().unwrap() {
                if byte == b'\n' {
                    self.queue.extend(self.line_end);
                } else {
                    self.queue.push_back(byte);
                }
            }
        }
        slow
    }

    /// The connection breaks because the server has gone; it may take a while until that is known.
    pub(crate) fn lose_server(&mut self, random: &mut Rng) {
        self.severed = true;
        self.patience = 0;
        self.fault = match random.u8(..4) {
            0 => Fault::HalfOpen,
            _ => Fault::Anywhere,
        };
        self.queue.push_back(b'!');
    }
}
