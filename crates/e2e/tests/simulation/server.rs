//! The server, and what it owes. In: events, restarts, subscriptions. Out: streams of a real channel, and for
//! each of them what must come over it, found without asking the channel.
//!
//! Next: `link.rs`, which carries a stream; `source.rs`, which holds it against what is owed.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use fastrand::Rng;
use wellspring_e2e::numbered::{data, event_type};
use wellspring_server::{
    Block, Channel, EventStream, EventType, HistoryLimits, LastEventId, Start, Subscription,
};

/// The type of the events that tell of gaps, for those who want events.
pub(crate) const GAP: &str = "gap";

/// What must come next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    /// A block that only moves the last event ID.
    Position {
        id: String,
    },
    /// Word of a gap, and the id after which it goes on.
    Gap {
        id: String,
    },
    Event {
        number: u64,
        id: String,
    },
}

/// What a stream owes, shared by the link that fetches it and the source that gets it.
pub(crate) type Debts = Rc<RefCell<VecDeque<Owed>>>;

/// One stream as the server sees it.
pub(crate) struct Stream {
    pub(crate) stream: EventStream,
    pub(crate) owed: Debts,
    /// The sequence number it wants next.
    place: u64,
    life: u32,
    closed: bool,
}

impl Stream {
    /// The same with a reconnection time to begin with.
    pub(crate) fn with_retry(mut self, time: Duration) -> Self {
        self.stream = self.stream.retry(time);
        self
    }
}

pub(crate) struct Server {
    channel: Channel,
    /// How many events the history holds.
    history: u64,
    /// Whether events have ids of their own.
    publisher_ids: bool,
    life: u32,
    /// The number of the event before this life's first.
    offset: u64,
    /// How many events this life has had.
    count: u64,
    /// The number of the newest event of all.
    pub(crate) published: u64,
}

impl Server {
    pub(crate) fn draw(random: &mut Rng) -> Self {
        let history = [3, 8, 20, 1_000][random.usize(..4)];
        Self {
            channel: channel(0, history),
            history,
            publisher_ids: random.u8(..4) == 0,
            life: 0,
            offset: 0,
            count: 0,
            published: 0,
        }
    }

    pub(crate) fn publish(&mut self) {
        self.published += 1;
        self.append(self.published);
    }

    fn append(&mut self, number: u64) {
        let block = Block::data(data(number)).event_type(event_type(number));
        let mut block = block.unwrap();
        if self.publisher_ids {
            block = block.id(format!("n{number}")).unwrap();
        }
        self.count += 1;
        let sequence = self.channel.publish(block).unwrap();
        assert_eq!(sequence.value(), self.count);
    }

    /// Ends all streams in good order.
    pub(crate) fn close(&mut self) {
        self.channel.close();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.channel.is_closed()
    }

    /// Begins anew, and makes everything again that it had.
    pub(crate) fn restart_with_history(&mut self) {
        self.begin();
        let numbers = self.offset + 1..=self.offset + self.count;
        self.count = 0;
        numbers.for_each(|number| self.append(number));
    }

    /// Begins another life, with the newest `kept` events of this one.
    pub(crate) fn restart_without_history(&mut self, kept: u64) {
        let kept = kept.min(self.count);
        self.life += 1;
        self.begin();
        self.offset = self.published - kept;
        self.count = 0;
        (self.offset + 1..=self.published).for_each(|number| self.append(number));
    }

    fn begin(&mut self) {
        self.channel = channel(self.life, self.history);
    }

    /// A stream for one who saw this last; whether that was found is for the server to say.
    pub(crate) fn subscribe(
        &self,
        last_seen: Option<&str>,
        start: Start,
        gap_event: bool,
    ) -> Stream {
        let id = last_seen.map(|id| LastEventId::new(id).unwrap());
        let mut subscription = Subscription::new().last_event_id(id).start(start);
        if gap_event {
            subscription = subscription.gap_event(EventType::new(GAP).unwrap());
        }
        let stream = self.channel.subscribe(subscription);
        let found = last_seen.and_then(|id| self.place_after(id));
        let place = match (last_seen, found) {
            (_, Some(place)) => place,
            (None, None) if start == Start::Live => self.count + 1,
            _ => self.oldest(),
        };
        let id = self.id_before(place);
        let owed = match (last_seen, found) {
            (_, Some(_)) => None,
            (Some(_), None) => Some(Owed::Gap { id }),
            (None, None) => Some(Owed::Position { id }),
        };
        Stream {
            stream: stream.without_keep_alive(),
            owed: Rc::new(RefCell::new(owed.into_iter().collect())),
            place,
            life: self.life,
            closed: false,
        }
    }

    /// Whether the gap of a resume is told to one who saw this last.
    pub(crate) fn has_lost(&self, last_seen: &str) -> bool {
        self.place_after(last_seen).is_none()
    }

    /// Adds what the stream owes as it is read to the head now. `true` if it fell out of the history.
    pub(crate) fn read(&self, stream: &mut Stream) -> bool {
        if stream.life != self.life || stream.closed {
            return false;
        }
        let mut owed = stream.owed.borrow_mut();
        let slow = stream.place < self.oldest();
        if slow {
            stream.place = self.oldest();
            let id = self.id_before(stream.place);
            owed.push_back(Owed::Gap { id });
        }
        for sequence in stream.place..=self.count {
            let (number, id) = (self.offset + sequence, self.id_of(sequence));
            owed.push_back(Owed::Event { number, id });
        }
        stream.place = self.count + 1;
        stream.closed = self.is_closed();
        slow
    }

    fn oldest(&self) -> u64 {
        self.count.saturating_sub(self.history) + 1
    }

    fn id_of(&self, sequence: u64) -> String {
        if self.publisher_ids {
            return format!("n{}", self.offset + sequence);
        }
        format!("life{}-{sequence}", self.life)
    }

    /// Of the event before, if it is still there, or of the place itself.
    fn id_before(&self, place: u64) -> String {
        let before = place - 1;
        if before >= self.oldest() {
            return self.id_of(before);
        }
        format!("life{}-{before}", self.life)
    }

    /// `None` when something that followed is no longer there, or nobody can tell.
    fn place_after(&self, id: &str) -> Option<u64> {
        let own = format!("life{}-", self.life);
        if let Some(sequence) = id.strip_prefix(&own) {
            let sequence: u64 = sequence.parse().unwrap();
            let known = sequence <= self.count && sequence + 1 >= self.oldest();
            return known.then_some(sequence + 1);
        }
        let number: u64 = id.strip_prefix('n')?.parse().unwrap();
        let sequence = number.checked_sub(self.offset)?;
        let known = (self.oldest()..=self.count).contains(&sequence);
        known.then_some(sequence + 1)
    }
}

fn channel(life: u32, history: u64) -> Channel {
    let limits = HistoryLimits::default().with_events(usize::try_from(history).unwrap());
    let builder = Channel::builder().history(limits);
    builder.epoch(&format!("life{life}")).unwrap().build()
}
