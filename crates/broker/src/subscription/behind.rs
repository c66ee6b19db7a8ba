//! Reading on from a place that is behind. In: runs of events, from the window or from pages. Out: a
//! subscriber whose place moves on, with a queue of what is for it.
//!
//! Next: `../pages.rs`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use super::Subscription;
use super::delivery::{Delivery, Gap, GapReason, OnLag};
use super::replay::Replay;
use crate::cursor::short;
use crate::end::End;
use crate::event::Event;
use crate::node::Place;
use crate::pages::EventPage;

/// How many of the newest events of their topics are taken at once.
const LATEST: usize = 64;

/// How long an engine that cannot be read is left alone.
const PATIENCE: Duration = Duration::from_millis(500);

impl Subscription {
    fn replay(&mut self) -> &mut Replay {
        self.replay.get_or_insert_default()
    }

    pub(super) fn next_queued(&mut self) -> Option<Delivery> {
        self.replay.as_mut()?.queue.pop_front()
    }

    pub(super) fn is_to_pause(&mut self) -> bool {
        self.replay
            .as_mut()
            .is_some_and(|replay| replay.is_to_pause())
    }

    /// The page behind this place. An engine that cannot be read is asked again, and so is one that has
    /// trimmed all that the node has: the page would be of what the node has yet to bring.
    pub(super) fn poll_page(&mut self, after: u64, cx: &mut Context<'_>) -> Poll<Arc<EventPage>> {
        let shared = Arc::clone(&self.shared);
        let replay = self.replay();
        let known = replay.reading.take().filter(|(of, _)| *of == after);
        let (_, mut reading) = known.unwrap_or_else(|| {
            let read = async move {
                shared.replay_rate.ready().await;
                loop {
                    let lineage = shared.node().lineage().clone();
                    let pages = Arc::clone(&shared.pages);
                    let page = pages.after(after, &shared.engine, lineage).await;
                    let head = shared.node().head().sequence;
                    match page {
                        Ok(page) if page.begins_by(head) => return page,
                        _ => tokio::time::sleep(PATIENCE).await,
                    }
                }
            };
            (after, Box::pin(read))
        });
        let polled = reading.as_mut().poll(cx);
        if polled.is_pending() {
            replay.reading = Some((after, reading));
        }
        polled
    }

    /// Takes what a page has for the subscriber. Events between its place and the page are gone.
    pub(super) fn take_page(&mut self, after: u64, page: &EventPage) -> Option<End> {
        self.replay().bytes = 0;
        let first = page
            .events
            .first()
            .map_or(after + 1, |event| event.sequence);
        let elastic = std::mem::take(&mut self.replay().elastic);
        if first > after + 1 && !elastic {
            // Of a gap that was told, only what has gone since is announced.
            let untold = first.saturating_sub(after.max(self.replay().told) + 1);
            if untold > 0 {
                self.shared.counters.gap(untold);
                match self.on_lag {
                    OnLag::Disconnect => return Some(End::Lagged),
                    OnLag::Gap | OnLag::Latest => self.queue_gap(first - 1, untold),
                }
                self.replay().told = first - 1;
            }
            if self.on_lag == OnLag::Latest {
                let latest = self.shared.node().latest_between(after, first, LATEST);
                if !latest.is_empty() {
                    self.look_through(&latest);
                    return None;
                }
            }
        }
        // Of a page that was read for others, some may be behind the subscriber.
        let skipped = usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        let events = page.events.get(skipped..).unwrap_or_default();
        // The engine may be ahead of the node, which brings these again when it has them.
        let head = self.shared.node().head().sequence;
        let known = events.partition_point(|event| event.sequence <= head);
        self.look_through(events.get(..known).unwrap_or_default());
        let bytes = std::mem::take(&mut self.replay().bytes);
        self.shared.replay_rate.take(bytes, Instant::now());
        None
    }

    fn queue_gap(&mut self, before: u64, missed: u64) {
        let node = self.shared.node();
        let tag = node.trimmed_tag().map_or(0, short);
        let after = node.cursor(Place::new(before, tag));
        drop(node);
        let gap = Gap {
            reason: GapReason::Lagged,
            missed: Some(missed),
            after,
        };
        self.replay().queue.push_back(Delivery::Gap(gap));
    }

    /// Queues what is for the subscriber, and moves its place.
    pub(super) fn look_through(&mut self, events: &[Arc<Event>]) {
        let known = self.replay().interest.take();
        let interest = known.or_else(|| self.shared.node().interest(self.key));
        let Some(mut interest) = interest else { return };
        let replay = self.replay();
        let last = replay.look_through(events, &mut interest);
        replay.interest = Some(interest);
        replay.elastic &= last.is_none();
        let delivered = std::mem::take(&mut replay.delivered);
        let counter = &self.shared.counters.delivered;
        counter.fetch_add(delivered, Ordering::Relaxed);
        if let Some((event, has_more)) = last {
            self.middle = has_more.then_some((event.sequence, 1));
            let place = Place::new(event.sequence, short(event.tag));
            self.shared.node().advance(self.key, place);
        }
    }
}
