//! A subscriber. In: polls of its subscription, and what is published. Out: panics where it gets, misses
//! or hears of what it should not.
//!
//! Next: `world.rs`.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_core::Stream;
use wellspring_broker::{Delivery, End, Gap, OnLag, Selector, Subscription};

use crate::sum::Sum;

/// Up to three frames of an event.
pub(crate) const LARGE: usize = 9_000;

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What is published, and who it is for.
pub(crate) struct Published {
    pub(crate) sequence: u64,
    pub(crate) topics: Vec<&'static str>,
    pub(crate) private: bool,
}

pub(crate) struct Wants {
    pub(crate) selectors: Vec<Selector>,
    pub(crate) grants: Vec<Selector>,
    pub(crate) on_lag: OnLag,
}

impl Wants {
    pub(crate) fn covers(&self, published: &Published) -> bool {
        let any = |selectors: &[Selector]| {
            let matches = |s: &Selector| published.topics.iter().any(|topic| s.matches(topic));
            selectors.iter().any(matches)
        };
        any(&self.selectors) && (!published.private || any(&self.grants))
    }
}

/// What there is.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// The oldest event of the engine.
    pub(crate) horizon: u64,
    /// The newest of the node.
    pub(crate) node: u64,
}

pub(crate) struct Reader {
    subscription: Subscription,
    pub(crate) wants: Wants,
    /// What it has to get, in order.
    owed: VecDeque<u64>,
    /// Was owed and is gone, as it was told.
    gone: Vec<u64>,
    /// Up to where it has had everything, or was told.
    had: u64,
    /// It begins with the oldest event there is.
    elastic: bool,
    /// It has not come to the node's head yet, and looks at all events.
    behind: bool,
    /// Events were lost to the node.
    blind: bool,
    woken: Arc<Flag>,
    /// The event in the middle of which it is.
    text: String,
}

impl Reader {
    pub(crate) fn new(subscription: Subscription, wants: Wants, after: u64, elastic: bool) -> Self {
        Self {
            subscription,
            wants,
            owed: VecDeque::new(),
            gone: Vec::new(),
            had: after,
            elastic,
            behind: true,
            blind: false,
            woken: Arc::new(Flag(AtomicBool::new(true))),
            text: String::new(),
        }
    }

    pub(crate) fn owe(&mut self, published: &Published) {
        if published.sequence > self.had && self.wants.covers(published) {
            self.owed.push_back(published.sequence);
        }
    }

    pub(crate) fn is_woken(&self) -> bool {
        self.woken.0.load(Ordering::Relaxed)
    }

    pub(crate) fn is_owed(&self) -> Option<u64> {
        self.owed.front().copied()
    }

    pub(crate) fn assert_all_came(&self, horizon: u64) {
        // One that begins with the oldest event has missed nothing that was gone by then.
        let first = if self.elastic { horizon } else { 0 };
        let mut missing = self.owed.iter().filter(|owed| **owed >= first);
        assert_eq!(missing.next(), None, "it did not come");
    }

    pub(crate) fn lose_sight(&mut self) {
        self.blind = true;
    }

    /// Takes up to so many deliveries. Says whether the stream goes on.
    pub(crate) fn read(&mut self, most: usize, bounds: Bounds, sum: &mut Sum) -> bool {
        let horizon = bounds.horizon;
        for _ in 0..most {
            self.woken.0.store(false, Ordering::Relaxed);
            let waker = Waker::from(Arc::clone(&self.woken));
            let mut context = Context::from_waker(&waker);
            match Pin::new(&mut self.subscription).poll_next(&mut context) {
                Poll::Pending => {
                    let place = self.subscription.position();
                    self.behind &= place.is_none_or(|place| place.sequence < bounds.node);
                    return true;
                }
                Poll::Ready(Some(Delivery::Frame(frame))) => {
                    self.text.push_str(std::str::from_utf8(&frame).unwrap());
                    if !self.subscription.is_inside_event() {
                        self.take_event(horizon, sum);
                    }
                }
                Poll::Ready(Some(Delivery::Gap(gap))) => self.take_gap(gap, horizon, sum),
                Poll::Ready(None) => {
                    self.ended(horizon, sum);
                    return false;
                }
                Poll::Ready(other) => panic!("{other:?}"),
            }
        }
        // It has not said that it waits.
        self.woken.0.store(true, Ordering::Relaxed);
        true
    }

    fn take_event(&mut self, horizon: u64, sum: &mut Sum) {
        let text = std::mem::take(&mut self.text);
        let data = text.lines().find_map(|line| line.strip_prefix("data: "));
        let number = data.and_then(|data| data.split(' ').next()).unwrap();
        let sequence = number.parse().unwrap();
        sum.delivered += 1;
        if self.wants.on_lag == OnLag::Latest && self.gone.contains(&sequence) {
            self.gone.retain(|gone| *gone > sequence);
            return;
        }
        self.gone.clear();
        if std::mem::take(&mut self.elastic) {
            let trimmed = |owed: &u64| *owed < sequence && *owed < horizon;
            while self.owed.front().is_some_and(trimmed) {
                self.owed.pop_front();
            }
        }
        let next = self.owed.pop_front();
        assert_eq!(next, Some(sequence), "in order, each once");
        self.had = sequence;
        // It may have come of a page.
        self.behind = true;
    }

    /// It says how many events are gone behind the place that the subscriber had, and says it once.
    fn take_gap(&mut self, gap: Gap, horizon: u64, sum: &mut Sum) {
        sum.gaps += 1;
        let last = gap.after.sequence;
        let before = last - gap.missed.unwrap();
        assert!(before >= self.had, "{gap:?}: it had {}", self.had);
        assert!(last < horizon, "{gap:?}: there from {horizon} on");
        let is_gone = |owed: &u64| *owed <= last;
        let next = self.owed.iter().take_while(|owed| is_gone(owed)).count();
        assert!(
            next > 0 || self.behind || self.blind,
            "it was owed nothing: {gap:?}"
        );
        let news: Vec<u64> = self.owed.drain(..next).collect();
        let kept = news.first().is_none_or(|first| *first > before);
        assert!(kept || self.elastic, "{gap:?} hides {news:?}");
        self.gone.extend(news);
        self.had = last;
        self.behind = true;
    }

    fn ended(&mut self, horizon: u64, sum: &mut Sum) {
        let lost = self.owed.front().is_some_and(|owed| *owed < horizon);
        match self.subscription.end() {
            Some(End::Lagged) => {
                sum.lagged += 1;
                assert_eq!(self.wants.on_lag, OnLag::Disconnect);
                assert!(lost || self.behind || self.blind, "it was owed nothing");
            }
            Some(End::CutShort) => assert!(lost || !self.gone.is_empty(), "it is there"),
            other => panic!("{other:?}"),
        }
    }
}

impl Published {
    /// What is in it: its number, and whatever else.
    pub(crate) fn data(&self, large: bool) -> String {
        let filler = if large { LARGE } else { 0 };
        format!("{} {}", self.sequence, "x".repeat(filler))
    }
}
