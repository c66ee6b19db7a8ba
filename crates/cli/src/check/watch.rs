//! What there is to see of one connection. In: a request. Out: the head of the response, and how its
//! body came: when, in which pieces, and what was in it.
//!
//! Next: `watch/head.rs`, `watch/seen.rs`, `watch/blocks.rs`; `head.rs` and `body.rs` judge.

mod blocks;
mod head;
mod seen;

use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use wellspring::fetch::rules::is_event_stream;
use wellspring::fetch::{FetchError, FetchRequest, fetch};
use wellspring::transport::{Body, Transport};
use wellspring_proto::{Decoder, Item, LimitExceeded};

use super::coding;
use blocks::Blocks;

pub(super) use head::Head;
#[cfg(test)]
pub(super) use seen::Waits;
pub(super) use seen::{End, How, Seen, SeenEvent};

/// How often the time is looked at while nothing comes.
const LOOK: Duration = Duration::from_millis(50);

/// A connection that is being watched; dropping it ends it.
pub(super) struct Watch {
    pub(super) head: Head,
    pub(super) seen: Seen,
    body: Body,
    /// Compressed, so that its bytes say when they came and no more.
    is_opaque: bool,
    decoder: Decoder,
    blocks: Blocks,
    /// When the head came.
    pub(super) started: Instant,
    pub(super) last_byte: Instant,
    last_comment: Option<Instant>,
    /// We ended it.
    is_given_up: bool,
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
        let head = Head::of(&fetched, now - asked);
        Ok(Self {
            is_opaque: coding::compressed(&head.headers).is_some(),
            head,
            seen: Seen::default(),
            body: fetched.response.into_body(),
            // Without the id that was sent, so that events are told apart by ids of their own.
            decoder: Decoder::new().comments(true),
            blocks: Blocks::default(),
            started: now,
            last_byte: now,
            last_comment: None,
            is_given_up: false,
        })
    }

    /// Watches until the body ends, the time is over, or enough has been seen.
    pub(super) async fn watch_until(
        &mut self,
        deadline: Instant,
        enough: impl Fn(&Seen, Instant) -> bool,
    ) {
        while self.is_open() && !enough(&self.seen, Instant::now()) {
            // Looks up now and then, also when nothing comes.
            let look_up = deadline.min(Instant::now() + LOOK);
            match timeout_at(look_up, self.body.next_chunk()).await {
                Ok(Some(Ok(chunk))) => self.take(&chunk),
                Ok(Some(Err(error))) => self.end(How::Broken(crate::words::of(error))),
                Ok(None) => self.end(How::EndOfBody),
                Err(_) if Instant::now() >= deadline => break,
                Err(_) => {}
            }
            self.note_time();
        }
        self.note_time();
    }

    /// Watches, until the deadline at the most, while something else is done.
    pub(super) async fn watch_during<T>(
        &mut self,
        deadline: Instant,
        other: impl Future<Output = T>,
    ) -> T {
        let mut other = pin!(other);
        tokio::select! {
            biased;
            () = self.watch_until(deadline, |_, _| false) => {}
            done = &mut other => return done,
        }
        other.await
    }

    /// Ends the connection; what was seen stays.
    pub(super) fn give_up(&mut self) {
        self.note_time();
        self.body = Body::empty();
        self.is_given_up = true;
    }

    /// Whether the body could be read as an event stream, or a compressed one.
    pub(super) fn is_stream(&self) -> bool {
        self.head.status == 200 && is_event_stream(&self.head.headers)
    }

    /// Whether anything may still come.
    pub(super) fn is_open(&self) -> bool {
        self.seen.end.is_none() && !self.is_given_up
    }

    /// Time passes, as long as the connection is there.
    fn note_time(&mut self) {
        if !self.is_open() {
            return;
        }
        self.seen.time = self.started.elapsed();
        let silence = self.last_byte.elapsed();
        self.seen.silence = self.seen.silence.max(silence);
        self.seen.add_wait(self.blocks.pending(), silence);
    }

    fn end(&mut self, how: How) {
        self.note_time();
        let now = Instant::now();
        self.seen.end = Some(End {
            how,
            after: now - self.started,
            silence: now - self.last_byte,
            inside_event: self.blocks.holds_data(),
        });
    }

    fn take(&mut self, chunk: &[u8]) {
        self.note_time();
        let now = Instant::now();
        self.seen.gap = self.seen.gap.max(now - self.last_byte);
        self.last_byte = now;
        self.seen.add_read(now, now - self.started);
        if self.is_opaque && chunk.starts_with(&coding::GZIP_FILE) {
            self.seen.gzip_files += 1;
        }
        let mut rest = if self.is_opaque { &[] } else { chunk };
        while !rest.is_empty() && self.is_open() {
            let (block, after) = rest.split_at(self.blocks.take_block(rest));
            self.decode(block, now);
            self.seen.sent_replacements = self.blocks.replacements();
            rest = after;
        }
    }

    /// No more than one event is completed by these bytes.
    fn decode(&mut self, bytes: &[u8], now: Instant) {
        let (seen, last_comment) = (&mut self.seen, &mut self.last_comment);
        let (has_id, at) = (self.blocks.ended_with_id(), now - self.started);
        let decoded = self.decoder.decode(bytes, |item| {
            match item {
                Item::Event(event) => seen.add_event(event, has_id, at),
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
        if let Err(exceeded) = decoded {
            self.end(too_long(&exceeded));
        }
    }
}

/// In words of its own: `check` has no option that would allow more.
fn too_long(exceeded: &LimitExceeded) -> How {
    let (kind, limit, offset) = (exceeded.kind, exceeded.limit, exceeded.offset);
    How::TooLong(format!(
        "one {kind} has more than {limit} bytes (byte {offset})"
    ))
}

#[cfg(test)]
mod tests;
