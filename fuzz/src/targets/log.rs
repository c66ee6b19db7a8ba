//! A channel against a vector of events. In: limits, then operations: publish, subscribe, poll, leave,
//! close. Out: a panic when a subscriber gets other bytes than the vector has from its place on, when
//! a gap is not told, told wrong or told for nothing, when a waiting subscriber is not woken, or when
//! a counter is off.
//!
//! Next: `log/model.rs` is the vector, `log/reader.rs` a subscriber beside its expectations.

mod model;
mod reader;

use crate::Input;
use model::{EPOCH, Model};
use reader::Reader;
use wellspring_server::{
    Block, Channel, EventType, HistoryLimits, LastEventId, OnGap, PublishError, Resume, Sequence,
    Start, Subscription,
};

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let events = input.below(12);
    let bytes = usize::from(input.byte()) * 16;
    let publish_limit = [8 << 20, 8 << 20, 100, 10_000][input.below(4)];
    let limits = HistoryLimits::default()
        .with_events(events)
        .with_bytes(bytes);
    let channel = Channel::builder()
        .history(limits)
        .publish_limit(publish_limit);
    let mut world = World {
        channel: channel.epoch(EPOCH).expect("letters and digits").build(),
        model: Model::new(events, bytes),
        publish_limit,
        readers: Vec::new(),
    };
    while !input.is_empty() {
        world.operate(&mut input);
        world.check();
    }
}

struct World {
    channel: Channel,
    model: Model,
    publish_limit: usize,
    readers: Vec<Reader>,
}

impl World {
    fn operate(&mut self, input: &mut Input<'_>) {
        match input.below(8) {
            0..=2 => self.publish(input),
            3 => self.subscribe(input),
            4 | 5 => {
                let index = input.below(16);
                if let Some(reader) = self.readers.get_mut(index) {
                    reader.poll(&mut self.model);
                }
            }
            6 => {
                let index = input.below(16);
                if index < self.readers.len() {
                    self.readers.swap_remove(index);
                }
            }
            _ if input.byte() == 0 => {
                self.channel.close();
                self.model.closed = true;
                self.readers.iter_mut().for_each(Reader::must_be_woken);
            }
            _ => {}
        }
    }

    fn publish(&mut self, input: &mut Input<'_>) {
        let flags = input.byte();
        let text = input.text();
        // Frames are filled and segments sealed by what is larger than an input.
        let text = text.repeat([1, 1, 40, 200][usize::from(flags >> 6)]);
        let mut block = if flags & 1 == 0 {
            Block::data(text)
        } else {
            Block::empty().comment(text)
        };
        let id = match flags >> 1 & 7 {
            0 => Some(input.text().into_owned()),
            1 => Some(format!("p{}", input.below(4))),
            2 => Some(format!("{EPOCH}-{}", input.byte())),
            3 => Some(format!("other-{}", input.byte())),
            _ => None,
        };
        if let Some(id) = &id {
            match block.clone().id(id.as_str()) {
                Ok(with_id) => block = with_id.into_owned(),
                Err(_) => return,
            }
        }
        let reserved = id.as_deref().and_then(model::own_form);
        let expected = if block.encoded_len() > self.publish_limit {
            Err(PublishError::TooLarge {
                length: block.encoded_len(),
                limit: self.publish_limit,
            })
        } else if self.model.closed {
            Err(PublishError::Closed)
        } else if reserved.is_some_and(|(epoch, _)| epoch == EPOCH) {
            Err(PublishError::ReservedId)
        } else {
            Ok(self.model.publish(&block))
        };
        let published = self.channel.publish(block).map(Sequence::value);
        match (&published, &expected) {
            // Of an enormous block the length of its texts is told instead.
            (Err(PublishError::TooLarge { .. }), Err(PublishError::TooLarge { .. })) => {}
            _ => assert_eq!(published, expected),
        }
        if published.is_ok() {
            self.readers.iter_mut().for_each(Reader::must_be_woken);
        }
    }

    fn subscribe(&mut self, input: &mut Input<'_>) {
        let flags = input.byte();
        if self.readers.len() >= 16 {
            return;
        }
        let mut subscription = Subscription::new();
        let oldest = flags & 1 != 0;
        if oldest {
            subscription = subscription.start(Start::Oldest);
        }
        let disconnects = flags & 2 != 0;
        if disconnects {
            subscription = subscription.on_gap(OnGap::Disconnect);
        }
        let gap_event = flags & 4 != 0;
        if gap_event {
            let event_type = EventType::new("gap").expect("plain");
            subscription = subscription.gap_event(event_type);
        }
        let asked = match flags >> 3 & 7 {
            0 => format!("{EPOCH}-{}", input.byte()),
            1 => format!("p{}", input.below(4)),
            2 => format!("other-{}", input.byte()),
            3 => input.text().into_owned(),
            _ => String::new(),
        };
        let id = LastEventId::new(asked.as_str()).ok();
        let (resume, place) = match &id {
            Some(id) => {
                let (resume, place) = self.model.resume(id.as_str());
                (Some(resume), place)
            }
            None if oldest => (None, self.model.oldest),
            None => (None, self.model.next()),
        };
        match resume {
            None | Some(Resume::Found) => {}
            Some(Resume::Expired { missed }) => {
                self.model.gaps += 1;
                self.model.missed += missed;
            }
            Some(_) => self.model.gaps += 1,
        }
        let stream = self.channel.subscribe(subscription.last_event_id(id));
        assert_eq!(stream.resume(), resume, "asked for {asked:?}");
        let opening = self.model.opening(resume, place, &asked);
        let reader = Reader::new(stream, place, opening, disconnects, gap_event);
        self.readers.push(reader);
    }

    fn check(&self) {
        let stats = self.channel.stats();
        let model = &self.model;
        assert_eq!(stats.published, model.next() - 1);
        assert_eq!(stats.history_events, model.next() - model.oldest);
        assert_eq!(stats.history_bytes, model.history_bytes());
        assert_eq!(stats.pinned_bytes, 0, "nobody holds a frame");
        assert_eq!(stats.gaps, model.gaps);
        assert_eq!(stats.missed, model.missed);
        assert_eq!(stats.disconnected, model.disconnected);
        let open = self.readers.iter().filter(|reader| !reader.ended).count();
        assert_eq!(stats.subscribers, open);
    }
}
