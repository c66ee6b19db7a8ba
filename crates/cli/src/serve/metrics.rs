//! Counters for Prometheus. In: the channel's own, and a few of the program's. Out: the text that a
//! scrape gets, in the format of `OpenMetrics`.
//!
//! Next: `site.rs` serves it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use wellspring_server::{Channel, ChannelStats};

/// The type of the text.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the program counts itself.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Lines or events of standard input that were not usable.
    pub(super) skipped: AtomicU64,
    /// Requests without the token they need.
    pub(super) unauthorized: AtomicU64,
}

#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
}

impl Metrics {
    pub(super) fn new(channel: Channel, counters: Arc<Counters>) -> Self {
        let mut registry = Registry::with_prefix("wellspring");
        registry.register_collector(Box::new(Scraped { channel, counters }));
        Self { registry }
    }

    /// All of them, now.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

/// Looked up when it is asked for.
#[derive(Debug)]
struct Scraped {
    channel: Channel,
    counters: Arc<Counters>,
}

impl Collector for Scraped {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let stats = self.channel.stats();
        for (name, help, value) in gauges(&stats) {
            let gauge = ConstGauge::new(value);
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)?;
        }
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let skipped = load(&self.counters.skipped);
        let unauthorized = load(&self.counters.unauthorized);
        for (name, help, value) in counters(&stats, skipped, unauthorized) {
            let counter = ConstCounter::new(value);
            let metric = encoder.encode_descriptor(name, help, None, counter.metric_type())?;
            counter.encode(metric)?;
        }
        Ok(())
    }
}

/// What goes up and down.
fn gauges(stats: &ChannelStats) -> [(&'static str, &'static str, i64); 4] {
    let bytes = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
    let events = i64::try_from(stats.history_events).unwrap_or(i64::MAX);
    [
        (
            "subscribers",
            "Open event streams",
            bytes(stats.subscribers),
        ),
        ("history_events", "Events in the history", events),
        (
            "history_bytes",
            "What the history counts against its limit",
            bytes(stats.history_bytes),
        ),
        (
            "pinned_bytes",
            "What slow connections hold besides",
            bytes(stats.pinned_bytes),
        ),
    ]
}

/// What only goes up; `_total` is added to the names.
fn counters(
    stats: &ChannelStats,
    skipped: u64,
    unauthorized: u64,
) -> [(&'static str, &'static str, u64); 6] {
    [
        (
            "subscribers_joined",
            "Event streams ever opened",
            stats.joined,
        ),
        ("events_published", "Events ever published", stats.published),
        (
            "gaps",
            "Times a subscriber's place had left the history",
            stats.gaps,
        ),
        (
            "events_missed",
            "Events missed in gaps, as far as known",
            stats.missed,
        ),
        (
            "input_skipped",
            "Lines or events of standard input not usable",
            skipped,
        ),
        (
            "requests_unauthorized",
            "Requests without the token they need",
            unauthorized,
        ),
    ]
}
