//! Counters for Prometheus. In: the hub's own, and the broker's. Out: the text that a scrape gets, in the format
//! of `OpenMetrics`.
//!
//! Next: `service.rs` answers with it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use wellspring_broker::{Broker, BrokerStats};

use crate::limits::Connections;

/// The `Content-Type` of the metrics.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the hub counts itself.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Requests whose token was missing, invalid, or did not allow what was asked.
    pub(crate) unauthorized: AtomicU64,
    /// Subscribers that were asked to come back later.
    pub(crate) deferred: AtomicU64,
    /// Requests that made no sense.
    pub(crate) bad_requests: AtomicU64,
}

impl Counters {
    pub(crate) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// All metrics, now.
pub(crate) fn text(broker: &Broker, connections: &Connections, counters: &Arc<Counters>) -> String {
    let mut registry = Registry::with_prefix("wellspring_hub");
    registry.register_collector(Box::new(Scraped {
        stats: broker.stats(),
        open: connections.count(),
        counters: Arc::clone(counters),
    }));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = text::encode(&mut text, &registry);
    text
}

#[derive(Debug)]
struct Scraped {
    stats: BrokerStats,
    open: usize,
    counters: Arc<Counters>,
}

impl Collector for Scraped {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (name, help, value) in self.gauges() {
            let gauge = ConstGauge::new(value);
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)?;
        }
        for (name, help, value) in self.counts() {
            let counter = ConstCounter::new(value);
            let metric = encoder.encode_descriptor(name, help, None, counter.metric_type())?;
            counter.encode(metric)?;
        }
        Ok(())
    }
}

impl Scraped {
    /// What goes up and down.
    fn gauges(&self) -> [(&'static str, &'static str, f64); 8] {
        let stats = &self.stats;
        let count = |count: u64| count as f64;
        let size = |size: usize| size as f64;
        let retained = (stats.head + 1).saturating_sub(stats.horizon);
        [
            ("subscribers", "Open event streams", size(self.open)),
            (
                "selectors",
                "Different topic selectors of them",
                size(stats.selectors),
            ),
            ("history_events", "Events in the history", count(retained)),
            ("head", "Number of the newest event", count(stats.head)),
            (
                "lag_seconds",
                "How long this node has been behind its history",
                stats.lag.as_secs_f64(),
            ),
            (
                "window_events",
                "Events in memory",
                size(stats.window_events),
            ),
            (
                "window_bytes",
                "Bytes of memory that they take",
                size(stats.window_bytes),
            ),
            (
                "presence_held",
                "Subscribers that are not announced yet",
                count(stats.presence_held),
            ),
        ]
    }

    /// What only goes up; `_total` is added to the names.
    fn counts(&self) -> [(&'static str, &'static str, u64); 12] {
        let stats = &self.stats;
        let own = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        [
            (
                "subscribers_joined",
                "Event streams ever opened",
                stats.joined,
            ),
            (
                "updates_delivered",
                "Events given to subscribers",
                stats.delivered,
            ),
            ("updates_published", "Updates stored", stats.published),
            (
                "updates_duplicate",
                "Publishes recognised by their Idempotency-Key",
                stats.duplicates,
            ),
            (
                "updates_refused",
                "Publishes refused by the history",
                stats.refused,
            ),
            (
                "updates_in_doubt",
                "Publishes whose outcome was not known",
                stats.in_doubt,
            ),
            ("gaps", "Times a subscriber missed events", stats.gaps),
            (
                "events_missed",
                "Events missed, as far as known",
                stats.missed,
            ),
            ("pages_read", "Pages of the history read", stats.pages_read),
            (
                "requests_unauthorized",
                "Requests whose token was missing or not enough",
                own(&self.counters.unauthorized),
            ),
            (
                "subscribers_deferred",
                "Subscribers asked to come back later",
                own(&self.counters.deferred),
            ),
            (
                "requests_bad",
                "Requests that made no sense",
                own(&self.counters.bad_requests),
            ),
        ]
    }
}
