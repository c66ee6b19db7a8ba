//! The arguments of `tail`.
//!
//! Next: `../tail.rs`.

use std::path::PathBuf;
use std::time::Duration;

use super::reach::Reach;
use super::values::{last_event_id, seconds, url};
use crate::exit;

/// Print the events of a stream as they come
///
/// Reconnects and resumes like every event source. Events go to standard output; what happens to
/// the connection goes to standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Tail {
    /// The event stream, http or https
    #[arg(value_parser = url, required_unless_present = "show")]
    pub(crate) url: Option<String>,

    #[command(flatten)]
    pub(crate) reach: Reach,

    /// Ask with this method instead of GET
    #[arg(short = 'X', long = "request", value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// Send this text, this file (@F) or standard input (@-) as the body, with POST unless -X says
    /// otherwise. Without a Content-Type of yours it is application/json if it is JSON, else
    /// application/x-www-form-urlencoded
    #[arg(short = 'd', long = "data", value_name = "TEXT|@F|@-")]
    pub(crate) data: Option<String>,

    /// What to do when a connection ends
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Preset::Standard)]
    pub(crate) preset: Preset,

    /// End with the first event of this type, however many connections that takes; can be repeated.
    /// With --preset finite a stream that ends without one is an error
    #[arg(long = "until", value_name = "NAME")]
    pub(crate) until: Vec<String>,

    /// Likewise, with the first event whose data is this, such as '[DONE]'; can be repeated
    #[arg(long, value_name = "TEXT")]
    pub(crate) until_data: Vec<String>,

    /// Print events of this type only; can be repeated ("message" is the type of unnamed events)
    #[arg(long = "event", value_name = "NAME")]
    pub(crate) events: Vec<String>,

    /// Begin after the event with this id; with --store, only if nothing is stored yet
    #[arg(long, value_name = "ID", value_parser = last_event_id)]
    pub(crate) last_event_id: Option<String>,

    /// Keep every event in this file too, and resume from it: an SQLite database, with the events in
    /// a table of it
    #[arg(long, value_name = "F")]
    pub(crate) store: Option<PathBuf>,

    /// What kind of file that is; what it is already, or sqlite for a new one
    #[arg(long, value_enum, value_name = "KIND", requires = "store")]
    pub(crate) store_kind: Option<StoreKind>,

    /// Print what is stored of the stream, and end; without a URL, what is stored if that is of one
    /// stream only
    #[arg(long, requires = "store")]
    pub(crate) show: bool,

    /// Show requests and responses on standard error, credentials left out
    #[arg(short = 'v', long)]
    pub(crate) verbose: bool,

    /// Print one JSON object a line: type, data, lastEventId, origin
    #[arg(long)]
    pub(crate) json: bool,

    /// Print an event stream again, types and ids kept: what goes on when the server does not
    #[arg(long, conflicts_with_all = ["json", "data_only"])]
    pub(crate) sse: bool,

    /// Print the data alone, as it is
    #[arg(long, conflicts_with = "json")]
    pub(crate) data_only: bool,

    /// End after printing this many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,

    /// End after this many seconds in all
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true)]
    pub(crate) timeout: Option<Duration>,

    /// End when the connection ends: exit code 0 if the server ended it, 1 if it was lost
    #[arg(long)]
    pub(crate) no_reconnect: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Preset {
    /// The standard's event source: reconnects, and fails on every status but 200
    Standard,
    /// What browsers do: the same
    Browser,
    /// For programs that run for months: also tries 408, 425, 429 and 5xx again, and silence of 5 min
    Resilient,
    /// For streams with an end, as of language models: no reconnection once events have come
    Finite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StoreKind {
    /// An SQLite database
    Sqlite,
    /// A plain file
    File,
}
