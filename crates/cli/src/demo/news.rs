//! News. In: the time. Out: a channel with one item for each interval since 1970.
//!
//! An item is made from its number alone, and its number is also its id and says when it is due. So
//! nothing is kept: a demo that is killed and started again makes the same items again, also those
//! that were due in between, and a client that comes back with a `Last-Event-ID` misses nothing. That holds
//! as long as the interval is the same and the clock is not set back.
//!
//! Next: `server.rs` lets subscribers in.

mod item;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response, StatusCode};
use wellspring_server::{Channel, EventStream, HistoryLimits, LastEventId, Subscription};

/// How many items a returning subscriber may have missed.
const HISTORY: u64 = 1000;
/// How many items a new subscriber gets at once.
const WELCOME: u64 = 10;
const RECONNECTION_TIME: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(crate) struct News {
    channel: Channel,
    interval: Duration,
    /// The number of the newest item.
    newest: Arc<AtomicU64>,
}

impl News {
    /// The news so far.
    pub(crate) fn begin(interval: Duration) -> Self {
        let events = usize::try_from(HISTORY).unwrap_or(usize::MAX);
        let limits = HistoryLimits::default().with_events(events);
        let news = Self {
            channel: Channel::builder().history(limits).build(),
            interval,
            newest: Arc::default(),
        };
        let newest = news.due();
        for number in newest.saturating_sub(HISTORY - 1)..=newest {
            news.publish_item(number);
        }
        news
    }

    /// Publishes each item when it is due.
    pub(crate) async fn publish(self) {
        loop {
            let next = self.newest.load(Ordering::Relaxed) + 1;
            for number in next..=self.due() {
                self.publish_item(number);
            }
            tokio::time::sleep(self.time_to_next()).await;
        }
    }

    /// Ends every stream, once it has delivered what there is.
    pub(crate) fn close(&self) {
        self.channel.close();
    }

    /// Opens a stream for a new or returning subscriber.
    pub(crate) fn subscribe<B>(&self, request: &Request<B>) -> Response<EventStream> {
        let Ok(returning) = LastEventId::from_request(request) else {
            return EventStream::refusal_response(StatusCode::BAD_REQUEST);
        };
        let from = returning.or_else(|| self.welcome());
        let subscription = Subscription::new().last_event_id(from);
        self.channel
            .subscribe(subscription)
            .retry(RECONNECTION_TIME)
            .into_response()
    }

    /// The id of the last item that a newcomer is not shown.
    fn welcome(&self) -> Option<LastEventId> {
        let newest = self.newest.load(Ordering::Relaxed);
        LastEventId::new(newest.saturating_sub(WELCOME).to_string()).ok()
    }

    fn publish_item(&self, number: u64) {
        // Refused only by a closed channel, which has no subscribers.
        let _ = self.channel.publish(item::block(number));
        self.newest.store(number, Ordering::Relaxed);
    }

    /// The number of the newest item that is due.
    fn due(&self) -> u64 {
        let number = since_1970().as_millis() / self.interval.as_millis().max(1);
        u64::try_from(number).unwrap_or(u64::MAX - 1)
    }

    fn time_to_next(&self) -> Duration {
        let interval = self.interval.as_millis().max(1);
        let next = (u128::from(self.newest.load(Ordering::Relaxed)) + 1) * interval;
        let wait = next.saturating_sub(since_1970().as_millis());
        // A clock that was set back is looked at again.
        Duration::from_millis(u64::try_from(wait.min(interval)).unwrap_or(1000))
    }
}

fn since_1970() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
