//! The arguments of `load`.
//!
//! Next: `../load.rs`.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use super::reach::Reach;
use super::secret::Secret;
use super::values::{bytes, seconds, share, url};

const EXIT_CODES: &str = "\
Exit codes:
    0  every event that the server took arrived once, in order, and nowhere else; with --strict also
       no gap was told
    1  faults were found, or nothing could be checked: no connection, or no publish that was taken
    2  usage: an argument is not valid, or names a file that cannot be read";

const EXAMPLES: &str = "\
Examples:
    wellspring load http://localhost:3000/.well-known/mercure --publisher-key @key \\
        --subscriber-key @key --subscribers 1000 --cuts 50
    wellspring load http://localhost:8080/events --publish lines --publish-token T
    wellspring load https://stream.example/events --publish none --numbers id --seconds 60";

const TRAFFIC: &str = "Traffic";
const TOPICS: &str = "Topics";
const TOKENS: &str = "Tokens";
const VERDICT: &str = "Verdict";

/// Publish to a server, read it as many subscribers, and say what was lost, doubled or leaked
///
/// Every event carries the number of its topic and its own. What the server answered with 200 must arrive
/// once and in order at each subscriber whose selectors match it, and at none whose token does not cover
/// it; what it refused must not arrive. Connections are cut at random and resume with Last-Event-ID. What
/// is lost when they do is a fault, unless the server says so: in the answer's Last-Event-ID,
/// Mercure-Last-Event-ID or Wellspring-Resume, by a comment that begins with "gap:", or by an event of
/// the type wellspring-gap.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct Load {
    /// The event stream, http or https; of a Mercure hub without topics
    #[arg(value_parser = url)]
    pub(crate) url: String,

    #[command(flatten)]
    pub(crate) reach: Reach,

    /// How events are published
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Publishing::Mercure,
          help_heading = TRAFFIC)]
    pub(crate) publish: Publishing,

    /// Where to publish; by default the URL of the stream
    #[arg(long, value_name = "URL", value_parser = url, help_heading = TRAFFIC)]
    pub(crate) publish_url: Option<String>,

    /// How many subscribers there are, each with a connection
    #[arg(long, value_name = "N", default_value_t = 100,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = TRAFFIC)]
    pub(crate) subscribers: u32,

    /// How many publish at the same time, each waiting for its answers
    #[arg(long, value_name = "N", default_value_t = 4,
          value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = TRAFFIC)]
    pub(crate) publishers: u32,

    /// Publish so many events a second, all publishers together; by default as many as are answered
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..),
          help_heading = TRAFFIC)]
    pub(crate) rate: Option<u32>,

    /// For how many seconds to publish, or to listen
    #[arg(long, value_name = "S", default_value = "10", value_parser = seconds,
          allow_negative_numbers = true, help_heading = TRAFFIC)]
    pub(crate) seconds: Duration,

    /// How long the data of an event is, in bytes or with K or M; 16M at most
    #[arg(long, value_name = "BYTES", default_value = "100", value_parser = bytes,
          help_heading = TRAFFIC)]
    pub(crate) size: usize,

    /// Wait so many seconds for every subscriber's first connection
    #[arg(long, value_name = "S", default_value = "60", value_parser = seconds,
          allow_negative_numbers = true, help_heading = TRAFFIC)]
    pub(crate) connect_within: Duration,

    /// Cut so many connections a second, of subscribers chosen at random
    #[arg(long, value_name = "N", default_value_t = 0.0, value_parser = rate,
          allow_negative_numbers = true, help_heading = TRAFFIC)]
    pub(crate) cuts: f64,

    /// Repeat a publish without an answer until it has one, with an Idempotency-Key
    #[arg(long, help_heading = TRAFFIC)]
    pub(crate) idempotency_key: bool,

    /// Wait so many seconds for the answer to a publish; without one it may arrive, and need not
    #[arg(long, value_name = "S", default_value = "10", value_parser = seconds,
          allow_negative_numbers = true, help_heading = TRAFFIC)]
    pub(crate) publish_timeout: Duration,

    /// Cut the connections of the same subscribers as another run with this number
    #[arg(long, value_name = "N", help_heading = TRAFFIC)]
    pub(crate) seed: Option<u64>,

    /// The version of the Mercure protocol to speak
    #[arg(long, value_enum, value_name = "V", default_value_t = Dialect::Zero, help_heading = TOPICS)]
    pub(crate) dialect: Dialect,

    /// The topics; n in braces stands for the number of each, from 0
    #[arg(long, value_name = "TOPIC", default_value = "https://example.com/load/{n}",
          help_heading = TOPICS)]
    pub(crate) topic: String,

    /// How many topics there are; by default as many as publishers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000),
          help_heading = TOPICS)]
    pub(crate) topics: Option<u32>,

    /// What subscribers ask for, several with spaces between; n in braces stands for the subscriber's
    /// number, which begins again after the last topic. Can be repeated: subscribers take turns. By
    /// default the topic. With --dialect 1.0 'urlpattern:P' is a URL pattern
    #[arg(long = "selector", value_name = "S", help_heading = TOPICS)]
    pub(crate) selectors: Vec<String>,

    /// What subscribers' tokens cover, written and taken likewise; by default what they ask for
    #[arg(long = "grant", value_name = "S", help_heading = TOPICS)]
    pub(crate) grants: Vec<String>,

    /// How many of a hundred events are private
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = share,
          help_heading = TOPICS)]
    pub(crate) private: u32,

    /// Publish with this token, or the one in a file (@F)
    #[arg(long, value_name = "T|@F", env = "WELLSPRING_PUBLISH_TOKEN", hide_env_values = true,
          value_parser = Secret::token, help_heading = TOKENS)]
    pub(crate) publish_token: Option<Secret>,

    /// Publish with a token made with this HMAC secret, or the one in a file (@F)
    #[arg(long, value_name = "K|@F", env = "WELLSPRING_PUBLISHER_KEY", hide_env_values = true,
          value_parser = Secret::key, conflicts_with = "publish_token", help_heading = TOKENS)]
    pub(crate) publisher_key: Option<Secret>,

    /// Subscribe with this token, or the one in a file (@F); it covers what --grant says, or else what
    /// it says itself
    #[arg(long, value_name = "T|@F", env = "WELLSPRING_TOKEN", hide_env_values = true,
          value_parser = Secret::token, help_heading = TOKENS)]
    pub(crate) token: Option<Secret>,

    /// Subscribe with tokens made with this HMAC secret, or the one in a file (@F)
    #[arg(long, value_name = "K|@F", env = "WELLSPRING_SUBSCRIBER_KEY", hide_env_values = true,
          value_parser = Secret::key, conflicts_with = "token", help_heading = TOKENS)]
    pub(crate) subscriber_key: Option<Secret>,

    /// The issuer of tokens that are made, with --dialect 1.0
    #[arg(long, value_name = "URL", default_value = "https://example.com", help_heading = TOKENS)]
    pub(crate) issuer: String,

    /// The audience of tokens that are made, with --dialect 1.0; by default the URL of the stream
    #[arg(long, value_name = "URL", help_heading = TOKENS)]
    pub(crate) audience: Option<String>,

    /// With --publish none: where the server's own numbers are, which grow by one with each event; for
    /// ids, each event has one of its own
    #[arg(long, value_enum, value_name = "WHERE", default_value_t = Numbers::None,
          help_heading = VERDICT)]
    pub(crate) numbers: Numbers,

    /// How many seconds nothing must have come, at the end, for what is missing to be lost
    #[arg(long, value_name = "S", default_value = "10", value_parser = seconds,
          allow_negative_numbers = true, help_heading = VERDICT)]
    pub(crate) drain: Duration,

    /// Measure memory and CPU of the server: the number of its process, or a file with it (@F)
    #[arg(long, value_name = "PID|@F", value_parser = pid, help_heading = VERDICT)]
    pub(crate) pid: Option<Pid>,

    /// Print one JSON object: url, seconds, sound, problems, published, delivered, subscribers,
    /// `latency_ms`, server, faults, said
    #[arg(long, help_heading = VERDICT)]
    pub(crate) json: bool,

    /// Let gaps count as faults that the server told
    #[arg(long, help_heading = VERDICT)]
    pub(crate) strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Publishing {
    /// As to a Mercure hub: a form, by POST
    Mercure,
    /// As to 'wellspring serve': a line of text, by POST; there are no topics
    Lines,
    /// Not at all: listen only, and count
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// Before 1.0: topic=…, and templates
    #[value(name = "0.x")]
    Zero,
    /// Since 1.0: match=…, and URL patterns
    #[value(name = "1.0")]
    One,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Numbers {
    /// Nowhere: only count
    None,
    /// The last number in each id
    Id,
    /// The last number in each event's data
    Data,
}

/// A process, by its number or by a file that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pid {
    Number(u32),
    File(PathBuf),
}

fn pid(text: &str) -> Result<Pid, &'static str> {
    if let Some(path) = text.strip_prefix('@') {
        return Ok(Pid::File(path.into()));
    }
    let number = text.parse().ok().filter(|number| *number > 0);
    let number = number.ok_or("neither the number of a process nor @ and a file with one")?;
    Ok(Pid::Number(number))
}

fn rate(text: &str) -> Result<f64, &'static str> {
    let rate: f64 = text.parse().map_err(|_| "not a number")?;
    let is_sound = (0.0..=1e6).contains(&rate);
    is_sound.then_some(rate).ok_or("0 to 1000000 a second")
}
