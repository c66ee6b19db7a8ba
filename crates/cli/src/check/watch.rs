//! What there is to see of one connection. In: a request. Out: the head of the response, and how its
//! body came: when, in which pieces, and what was in it.
//!
//! Next: `watch/blocks.rs`; `head.rs` and `body.rs` judge.

mod blocks;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode, Version};
use tokio::time::{Instant, timeout_at};
use wellspring::fetch::{FetchError, FetchRequest, FetchResponse, fetch};
use wellspring::transport::{Body, Transport};
use wellspring_proto::{Decoder, EventRef, Item};

use blocks::Blocks;

/// So many events are remembered, and so many bytes of ids; the rest is counted.
const EVENTS: usize = 10_000;
const ID_BYTES: usize = 4 << 20;

/// The head of a response.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    pub(super) headers: HeaderMap,
    /// The URLs that redirects led to, with their statuses.
    pub(super) hops: Vec<(StatusCode, String)>,
    pub(super) https: bool,
    /// From the request to the head.
    pub(super) after: Duration,
}

/// One event, as far as it has to be told from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SeenEvent {
    /// Shared with the events that only carry it.
    pub(super) id: Arc<str>,
    /// Not the one of the event before.
    pub(super) own_id: bool,
    pub(super) digest: u64,
}

/// How the body came.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) events: Vec<SeenEvent>,
    /// Those that are not remembered included.
    pub(super) event_count: u64,
    /// Of the ids that are remembered.
    pub(super) id_bytes: usize,
    pub(super) reads: u64,
    /// From the head to the first byte.
    pub(super) first_byte: Option<Duration>,
    /// From the head to the first event and to the last.
    pub(super) first_event: Option<Duration>,
    pub(super) last_event: Option<Duration>,
    /// The longest time without a byte.
    pub(super) silence: Duration,
    /// The longest time for which an event was there by half.
    pub(super) half: Duration,
    pub(super) comments: u64,
    /// The longest time from one comment to the next.
    pub(super) comment_interval: Option<Duration>,
    pub(super) retry: Option<Duration>,
    /// Some text was not UTF-8.
    pub(super) replaced: bool,
    /// How it ended, if it did.
    pub(super) end: Option<End>,
    /// For how long it was watched.
    pub(super) time: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    EndOfBody,
    Broken(String),
}

impl Seen {
    /// How many events have an id of their own.
    pub(super) fn own_ids(&self) -> usize {
        self.events.iter().filter(|event| event.own_id).count()
    }

    fn add_event(&mut self, event: EventRef<'_>, at: Duration) {
        self.event_count += 1;
        self.first_event.get_or_insert(at);
        self.last_event = Some(at);
        self.replaced |= event.data.contains('\u{FFFD}');
        // Once one is left out, so are all after it.
        if self.event_count > self.events.len() as u64 + 1 || self.events.len() == EVENTS {
            return;
        }
        let before = self.events.last().map(|event| &event.id);
        let before = before.filter(|id| ***id == *event.last_event_id);
        let own_id =
            before.is_none() && !(self.events.is_empty() && event.last_event_id.is_empty());
        let id = match before {
            Some(id) => Arc::clone(id),
            None => event.last_event_id.into(),
        };
        if own_id {
            self.id_bytes += id.len();
        }
        if self.id_bytes > ID_BYTES {
            return;
        }
        let mut digest = DefaultHasher::new();
        (event.event_type, event.data).hash(&mut digest);
        self.events.push(SeenEvent {
            id,
            own_id,
            digest: digest.finish(),
        });
    }
}

/// A connection that is being watched; dropping it ends it.
pub(super) struct Watch {
    pub(super) head: Head,
    pub(super) seen: Seen,
    body: Body,
    decoder: Decoder,
    blocks: Blocks,
    /// When the head came.
    started: Instant,
    last_byte: Instant,
    last_comment: Option<Instant>,
}

impl Watch {
    /// Waits for the head; the error is `None` when there is no time left.
    pub(super) async fn begin(
        transport: Arc<dyn Transport>,
        request: FetchRequest,
        deadline: Instant,
    ) -> Result<Self, Option<FetchError>> {
        let asked = Instant::now();
        let fetched = timeout_at(deadline, fetch(transport, request)).await;
        let fetched = fetched.map_err(|_| None)?.map_err(Some)?;
        let now = Instant::now();
        Ok(Self {
            head: Head::of(&fetched, now - asked),
            seen: Seen::default(),
            body: fetched.response.into_body(),
            // Without the id that was sent, so that events are told apart by ids of their own.
            decoder: Decoder::new().comments(true),
            blocks: Blocks::default(),
            started: now,
            last_byte: now,
            last_comment: None,
        })
    }

    /// Watches until the body ends, the time is over, or enough has been seen.
    pub(super) async fn watch_until(
        &mut self,
        deadline: Instant,
        enough: impl Fn(&Seen, Instant) -> bool,
    ) {
        while self.seen.end.is_none() && !enough(&self.seen, Instant::now()) {
            // Looks up now and then, also when nothing comes.
            let look_up = deadline.min(Instant::now() + Duration::from_millis(50));
            match timeout_at(look_up, self.body.next_chunk()).await {
                Ok(Some(Ok(chunk))) => self.take(&chunk),
                Ok(Some(Err(error))) => self.seen.end = Some(End::Broken(error.to_string())),
                Ok(None) => self.seen.end = Some(End::EndOfBody),
                Err(_) if Instant::now() >= deadline => break,
                Err(_) => {}
            }
            self.note_silence();
        }
        self.seen.time = self.started.elapsed();
    }

    /// Time passes.
    fn note_silence(&mut self) {
        let silence = self.last_byte.elapsed();
        self.seen.silence = self.seen.silence.max(silence);
        if self.blocks.is_half() && self.seen.end.is_none() {
            self.seen.half = self.seen.half.max(silence);
        }
    }

    fn take(&mut self, chunk: &[u8]) {
        self.note_silence();
        let now = Instant::now();
        let at = now - self.started;
        let seen = &mut self.seen;
        seen.reads += 1;
        seen.first_byte.get_or_insert(at);
        let last_comment = &mut self.last_comment;
        let decoded = self.decoder.decode(chunk, |item| {
            match item {
                Item::Event(event) => seen.add_event(event, at),
                Item::Retry(time) => seen.retry = Some(time),
                Item::Comment(_) => {
                    seen.comments += 1;
                    if let Some(last) = last_comment.replace(now) {
                        let interval = Some(now - last);
                        seen.comment_interval = seen.comment_interval.max(interval);
                    }
                }
                _ => {}
            }
            ControlFlow::Continue(())
        });
        if let Err(limit) = decoded {
            seen.end = Some(End::Broken(limit.to_string()));
        }
        self.blocks.take(chunk);
        self.last_byte = now;
    }
}

impl Head {
    fn of(fetched: &FetchResponse, after: Duration) -> Self {
        let hops = fetched.hops.iter();
        Self {
            status: fetched.response.status(),
            version: fetched.response.version(),
            headers: fetched.response.headers().clone(),
            hops: hops
                .map(|hop| (hop.status, crate::reach::shown(&hop.url)))
                .collect(),
            https: fetched.url.scheme() == "https",
            after,
        }
    }

    /// All values of a header, in one.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let values = self.headers.get_all(name).iter();
        let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        values.reduce(|all, value| format!("{all}, {value}"))
    }
}

#[cfg(test)]
mod tests;
