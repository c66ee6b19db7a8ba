//! The arguments of `check`.
//!
//! Next: `../check.rs`.

use std::time::Duration;

use super::reach::Reach;
use super::values::{seconds, url};

/// The exit codes of `check`, as its help tells them.
const HELP: &str = "\
Exit codes:
    0  no errors were found; with --strict no warnings either
    1  there were some
    2  usage: an argument is not valid, or names a file that cannot be read";

/// Look at a server's event stream the way a reviewer would
///
/// Connects, watches the stream, connects again with the id of an event that it has seen, and compares
/// what comes. Each finding says what to do about it.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Check {
    /// The event stream, http or https
    #[arg(value_parser = url)]
    pub(crate) url: String,

    #[command(flatten)]
    pub(crate) reach: Reach,

    /// The longest it may take, in seconds; streams that send much take less
    #[arg(long = "for", value_name = "S", default_value = "20", value_parser = seconds,
          allow_negative_numbers = true)]
    pub(crate) time: Duration,

    /// Ask as a page of this origin, to see what pages may
    #[arg(long, value_name = "ORIGIN", default_value = "https://example.com")]
    pub(crate) origin: String,

    /// Print one JSON object: url, seconds, worst, findings (check, severity, what, advice)
    #[arg(long)]
    pub(crate) json: bool,

    /// Warnings are errors
    #[arg(long)]
    pub(crate) strict: bool,
}
