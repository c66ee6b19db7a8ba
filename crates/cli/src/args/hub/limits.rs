//! How much is kept and how much clients may take, on the command line of `hub`. In: words. Out:
//! [`HistoryLimits`], [`HubLimits`].
//!
//! Next: back to `../hub.rs`.

use std::time::Duration;

use crate::args::values::{bytes, seconds};

/// How much history is kept.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "History")]
pub(crate) struct HistoryLimits {
    /// The most events that are kept
    #[arg(long, value_name = "N", env = "WELLSPRING_HISTORY_EVENTS", default_value_t = 1_000_000,
          value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) history_events: u64,

    /// The most bytes of them, or with K, M or G
    #[arg(long, value_name = "BYTES", env = "WELLSPRING_HISTORY_BYTES", default_value = "1G", value_parser = bytes)]
    pub(crate) history_bytes: usize,

    /// How many seconds they are kept at most; for ever by default
    #[arg(long, value_name = "S", env = "WELLSPRING_HISTORY_AGE", value_parser = seconds)]
    pub(crate) history_age: Option<Duration>,

    /// The most events a second about subscribers, in the long run
    ///
    /// A tenth of --history-events may come at once. Subscribers beyond that are announced later, or never if
    /// they go meanwhile, so that a storm of them does not push other events out of the history.
    #[arg(
        long,
        value_name = "N",
        env = "WELLSPRING_PRESENCE_RATE",
        default_value_t = 25
    )]
    pub(crate) presence_rate: u32,
}

/// How much clients may take.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct HubLimits {
    /// The largest update, in bytes or with K, M or G
    #[arg(long, value_name = "BYTES", env = "WELLSPRING_MAX_UPDATE", default_value = "1M", value_parser = bytes)]
    pub(crate) max_update: usize,

    /// The most event streams
    #[arg(
        long,
        value_name = "N",
        env = "WELLSPRING_MAX_CONNECTIONS",
        default_value_t = 100_000
    )]
    pub(crate) max_connections: usize,

    /// The most event streams of one address; that of this machine itself is not counted
    #[arg(
        long,
        value_name = "N",
        env = "WELLSPRING_MAX_CONNECTIONS_PER_ADDRESS",
        default_value_t = 1_000
    )]
    pub(crate) max_connections_per_address: usize,

    /// The most event streams of one subject of tokens
    #[arg(
        long,
        value_name = "N",
        env = "WELLSPRING_MAX_CONNECTIONS_PER_SUBJECT",
        default_value_t = 1_000
    )]
    pub(crate) max_connections_per_subject: usize,

    /// The most topic selectors of one stream
    #[arg(long, value_name = "N", env = "WELLSPRING_MAX_SELECTORS", default_value_t = 1_000,
          value_parser = selectors)]
    pub(crate) max_selectors: usize,

    /// The most topic selectors of one stream that begin with a variable
    #[arg(
        long,
        value_name = "N",
        env = "WELLSPRING_MAX_WIDE_SELECTORS",
        default_value_t = 32
    )]
    pub(crate) max_wide_selectors: usize,

    /// The most different ones of these of one address, and of one subject of tokens
    #[arg(
        long,
        value_name = "N",
        env = "WELLSPRING_MAX_WIDE_SELECTORS_PER_CLIENT",
        default_value_t = 128
    )]
    pub(crate) max_wide_selectors_per_client: usize,

    /// The most URL patterns of one stream
    #[arg(
        long,
        value_name = "N",
        env = "WELLSPRING_MAX_URL_PATTERNS",
        default_value_t = 100
    )]
    pub(crate) max_url_patterns: usize,

    /// The most bytes a second of events that are read again for who resumes, to all together, with K, M or G
    #[arg(long, value_name = "BYTES", env = "WELLSPRING_REPLAY_RATE", default_value = "256M", value_parser = bytes)]
    pub(crate) replay_rate: usize,

    /// The most bytes a second that one publisher may publish, or with K, M or G; no limit by default
    #[arg(long, value_name = "BYTES", env = "WELLSPRING_PUBLISH_RATE", value_parser = bytes)]
    pub(crate) publish_rate: Option<usize>,

    /// Answer who comes too many with 429 or 503, which ends a page's event source for good
    ///
    /// Without it, they get a stream that ends at once with a time to come back.
    #[arg(long, env = "WELLSPRING_REFUSE_WITH_STATUS")]
    pub(crate) refuse_with_status: bool,
}

fn selectors(text: &str) -> Result<usize, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=wellspring_hub::MAX_SELECTORS).contains(number));
    number.ok_or_else(|| format!("a number from 1 to {}", wellspring_hub::MAX_SELECTORS))
}
