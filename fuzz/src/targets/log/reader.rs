//! A subscriber beside what it should get. In: polls. Out: a panic when a frame holds anything but
//! whole events of the vector from the subscriber's place on, or the truth about a gap.
//!
//! Next: `response.rs`.

use super::model::{EPOCH, Model};
use bytes::Bytes;
use http_body::Body;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use wellspring_server::EventStream;
use wellspring_testkit::{TraceItem, oracle};

/// The most a frame carries. A larger event comes in several.
const FRAME: usize = 16 * 1024;

/// What a subscriber is told before anything else, beside an empty comment.
pub(super) enum Opening {
    Nothing,
    /// The id of its place.
    Place(String),
    Gap(Gap),
}

/// What a subscriber is told of events it missed.
pub(super) struct Gap {
    pub(super) reason: &'static str,
    pub(super) asked: String,
    pub(super) after: String,
    pub(super) missed: Option<u64>,
}

pub(super) struct Reader {
    stream: EventStream,
    opening: Option<Opening>,
    place: u64,
    disconnects: bool,
    gap_event: bool,
    flag: Arc<Flag>,
    /// It found nothing and waits.
    waits: bool,
    pub(super) ended: bool,
}

impl Reader {
    pub(super) fn new(
        stream: EventStream,
        place: u64,
        opening: Opening,
        disconnects: bool,
        gap_event: bool,
    ) -> Self {
        Self {
            stream: stream.without_keep_alive(),
            opening: Some(opening),
            place,
            disconnects,
            gap_event,
            flag: Arc::default(),
            waits: false,
            ended: false,
        }
    }

    /// Something was published, or the channel closed.
    pub(super) fn must_be_woken(&mut self) {
        let woken = self.flag.0.swap(false, Ordering::Relaxed);
        assert!(woken || !self.waits, "a subscriber sleeps on");
        self.waits = false;
    }

    pub(super) fn poll(&mut self, model: &mut Model) {
        let waker = Waker::from(Arc::clone(&self.flag));
        let polled = Pin::new(&mut self.stream).poll_frame(&mut Context::from_waker(&waker));
        let frame = match polled {
            Poll::Pending => {
                self.waits = true;
                assert!(self.opening.is_none() && !self.ended);
                assert!(self.place >= model.next() && !model.closed);
                return;
            }
            Poll::Ready(None) => return self.end(model),
            Poll::Ready(Some(frame)) => frame.expect("infallible").into_data(),
        };
        let frame = frame.unwrap_or_else(|_| panic!("no trailers"));
        assert!(!self.ended && !frame.is_empty() && frame.len() <= FRAME);
        if let Some(opening) = self.opening.take() {
            return self.check_opening(&opening, &frame);
        }
        if self.place < model.oldest {
            return self.check_gap(model, &frame);
        }
        let mut bytes = frame.to_vec();
        while bytes.len() >= FRAME && bytes.len() < model.length_of(self.place) {
            bytes.extend(self.next_slice());
        }
        self.place = model.end_of(self.place, &bytes);
    }

    /// What follows within a large event is there at once.
    fn next_slice(&mut self) -> Bytes {
        let waker = Waker::from(Arc::clone(&self.flag));
        let polled = Pin::new(&mut self.stream).poll_frame(&mut Context::from_waker(&waker));
        let Poll::Ready(Some(Ok(frame))) = polled else {
            panic!("an event was torn");
        };
        let slice = frame.into_data().unwrap_or_else(|_| panic!("no trailers"));
        assert!(!slice.is_empty() && slice.len() <= FRAME);
        slice
    }

    /// Only when all is delivered, or when a gap is to end it.
    fn end(&mut self, model: &mut Model) {
        assert!(self.opening.is_none());
        if !self.ended && self.place < model.oldest && self.place < model.next() {
            assert!(self.disconnects);
            model.gaps += 1;
            model.missed += model.oldest - self.place;
            model.disconnected += 1;
        } else if !self.ended {
            assert!(model.closed && self.place >= model.next());
        }
        self.ended = true;
        assert!(self.stream.is_end_stream());
    }

    fn check_opening(&self, opening: &Opening, frame: &Bytes) {
        let rest = frame.strip_prefix(b":\n").expect("a comment comes first");
        match opening {
            Opening::Nothing => assert_eq!(rest, b""),
            Opening::Place(id) => assert_eq!(rest, format!("id: {id}\n\n").as_bytes()),
            Opening::Gap(gap) => gap.check(rest, self.gap_event),
        }
    }

    fn check_gap(&mut self, model: &mut Model, frame: &[u8]) {
        assert!(!self.disconnects);
        let missed = model.oldest - self.place;
        model.gaps += 1;
        model.missed += missed;
        let gap = Gap {
            reason: "slow",
            asked: format!("{EPOCH}-{}", self.place - 1),
            after: model.id_before(model.oldest),
            missed: Some(missed),
        };
        gap.check(frame, self.gap_event);
        self.place = model.oldest;
    }
}

impl Gap {
    fn check(&self, frame: &[u8], event: bool) {
        let trace = oracle::decode_from(frame, "before");
        let asked = quoted(&self.asked);
        if event {
            let expected = serde_json::json!({
                "reason": self.reason,
                "asked": asked,
                "resumesAfter": self.after,
                "missed": self.missed,
            });
            let [
                TraceItem::Event {
                    event_type,
                    data,
                    last_event_id,
                },
            ] = &trace.items[..]
            else {
                panic!("{trace} is not one event");
            };
            let json: serde_json::Value = serde_json::from_str(data).expect("JSON");
            assert_eq!(json, expected);
            assert_eq!((event_type.as_str(), last_event_id), ("gap", &self.after));
            return;
        }
        let [TraceItem::Comment(text), TraceItem::Position(id)] = &trace.items[..] else {
            panic!("{trace} is not a comment and a position");
        };
        assert_eq!(*id, self.after);
        let missed = self.missed.map_or("unknown".to_owned(), |n| n.to_string());
        assert!(
            text.starts_with(&format!(" gap: {};", self.reason)),
            "{text}"
        );
        assert!(
            text.contains(&format!("events missed: {missed};")),
            "{text}"
        );
    }
}

/// An id as the signal of a gap quotes it: at most 1 KiB, and a sign that there was more.
fn quoted(id: &str) -> String {
    let mut ends = (0..=1024).rev();
    match ends.find_map(|end| id.get(..end)) {
        Some(begin) if id.len() > 1024 => format!("{begin}…"),
        _ => id.to_owned(),
    }
}

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
