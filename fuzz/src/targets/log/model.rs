//! A channel's history as a vector. In: blocks and ids. Out: what every reader is to get.
//!
//! Next: `log/reader.rs`.

use super::reader::{Gap, Opening};
use wellspring_server::{Block, Resume};

pub(super) const EPOCH: &str = "e1";

pub(super) struct Model {
    events: Vec<Published>,
    /// The sequence number of the oldest event in the history.
    pub(super) oldest: u64,
    pub(super) closed: bool,
    pub(super) gaps: u64,
    pub(super) missed: u64,
    pub(super) disconnected: u64,
    most_events: u64,
    most_bytes: usize,
}

struct Published {
    bytes: Vec<u8>,
    /// One that the publisher brought.
    id: Option<String>,
}

impl Published {
    /// What the documentation of the history's limits says it counts.
    fn cost(&self) -> usize {
        self.bytes.len() + 16 + self.id.as_ref().map_or(0, |id| id.len() + 96)
    }
}

impl Model {
    pub(super) fn new(events: usize, bytes: usize) -> Self {
        Self {
            events: Vec::new(),
            oldest: 1,
            closed: false,
            gaps: 0,
            missed: 0,
            disconnected: 0,
            most_events: events.max(1) as u64,
            most_bytes: bytes,
        }
    }

    /// The sequence number of the next event.
    pub(super) fn next(&self) -> u64 {
        self.events.len() as u64 + 1
    }

    /// The length of the event with this number, 0 if there is none.
    pub(super) fn length_of(&self, sequence: u64) -> usize {
        self.at(sequence).map_or(0, |event| event.bytes.len())
    }

    fn at(&self, sequence: u64) -> Option<&Published> {
        self.events
            .get(usize::try_from(sequence.checked_sub(1)?).ok()?)
    }

    pub(super) fn publish(&mut self, block: &Block<'_>) -> u64 {
        let sequence = self.next();
        let mut bytes = block.encode();
        let id = block.event_id().map(|id| id.as_str().to_owned());
        if id.is_none() && block.has_data() {
            bytes.pop();
            bytes.extend(format!("id: {EPOCH}-{sequence}\n\n").bytes());
        }
        let id = id.filter(|id| !id.is_empty());
        self.events.push(Published { bytes, id });
        while self.next() - self.oldest > self.most_events
            || (self.history_bytes() > self.most_bytes && self.next() - self.oldest > 1)
        {
            self.oldest += 1;
        }
        sequence
    }

    pub(super) fn history_bytes(&self) -> usize {
        self.history().map(|(_, event)| event.cost()).sum()
    }

    fn history(&self) -> impl DoubleEndedIterator<Item = (u64, &Published)> {
        (self.oldest..self.next()).filter_map(|sequence| Some((sequence, self.at(sequence)?)))
    }

    pub(super) fn resume(&self, id: &str) -> (Resume, u64) {
        let brought = self
            .history()
            .rfind(|(_, event)| event.id.as_deref() == Some(id));
        if let Some((sequence, _)) = brought {
            return (Resume::Found, sequence + 1);
        }
        let outcome = match own_form(id) {
            None => Resume::Unknown,
            Some((epoch, _)) if epoch != EPOCH => Resume::OtherEpoch,
            Some((_, sequence)) if sequence >= self.next() => Resume::NeverExisted,
            Some((_, sequence)) => match self.oldest.checked_sub(sequence + 1) {
                None | Some(0) => return (Resume::Found, sequence + 1),
                Some(missed) => Resume::Expired { missed },
            },
        };
        (outcome, self.oldest)
    }

    /// The id that resumes at `place`.
    pub(super) fn id_before(&self, place: u64) -> String {
        let before = place - 1;
        let known = self.at(before).filter(|_| before >= self.oldest);
        match known.and_then(|event| event.id.clone()) {
            Some(id) if id.len() <= 1024 => id,
            _ => format!("{EPOCH}-{before}"),
        }
    }

    /// What a subscriber is told first.
    pub(super) fn opening(&self, resume: Option<Resume>, place: u64, asked: &str) -> Opening {
        let after = self.id_before(place);
        match resume {
            None => Opening::Place(after),
            Some(Resume::Found) => Opening::Nothing,
            Some(resume) => Opening::Gap(Gap {
                reason: resume.as_str(),
                asked: asked.to_owned(),
                after,
                missed: match resume {
                    Resume::Expired { missed } => Some(missed),
                    _ => None,
                },
            }),
        }
    }

    /// How far a frame reaches that starts at `place`: it must be whole events of the vector.
    pub(super) fn end_of(&self, place: u64, frame: &[u8]) -> u64 {
        let mut rest = frame;
        let mut at = place;
        while !rest.is_empty() {
            let event = self.at(at).expect("the frame is longer than what there is");
            rest = rest.strip_prefix(&event.bytes[..]).unwrap_or_else(|| {
                let sent = String::from_utf8_lossy(rest);
                let kept = String::from_utf8_lossy(&event.bytes);
                panic!("event {at} is {kept:?}, sent was {sent:?}");
            });
            at += 1;
        }
        at
    }
}

/// Epoch and sequence number of an id that has the form of the channel's own.
pub(super) fn own_form(id: &str) -> Option<(&str, u64)> {
    let (epoch, digits) = id.split_once('-')?;
    let sequence: u64 = digits.parse().ok()?;
    let plain = !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && epoch.len() <= 32 && sequence.to_string() == digits).then_some((epoch, sequence))
}
