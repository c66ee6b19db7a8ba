//! The arguments of `check`.
//!
//! Next: `../check.rs`.

use std::time::Duration;

use super::reach::{self, Reach};
use super::values::{seconds, url};

/// The exit codes of `check`, as its help tells them.
const HELP: &str = "\
Exit codes:
    0  no errors were found; with --strict no warnings either
    1  errors were found; with --strict errors or warnings; with --through
       errors are what the way between does, and not what the server does
    2  usage: an argument is not valid, or names a file that cannot be read";

/// Look at a server's event stream the way a reviewer would
///
/// Connects and watches the stream. Once its head is there, connects again: as a page in a browser, with
/// the other version of HTTP, and with the id of an event that it has seen, to compare what comes. Each
/// finding says what it rests on, and what to do about it.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Check {
    /// The event stream, http or https
    #[arg(value_parser = url)]
    pub(crate) url: String,

    /// Compare with the same stream at this URL, which leads through a proxy: both are read side by side, and
    /// the report says what the way between changes. --proxy is on the way to this URL only, which may be the same
    #[arg(long, value_name = "URL", value_parser = url, conflicts_with = "unix_socket")]
    pub(crate) through: Option<String>,

    #[command(flatten)]
    pub(crate) reach: Reach,

    /// Ask with this method instead of GET. One that is not safe to repeat, such as POST, is sent once,
    /// and what takes several requests is not tried
    #[arg(short = 'X', long = "request", value_name = "METHOD", help_heading = reach::REQUEST)]
    pub(crate) method: Option<String>,

    /// Send this text, this file (@F) or standard input (@-) as the body, with POST unless -X says
    /// otherwise. The Content-Type is application/json for JSON, else
    /// application/x-www-form-urlencoded, unless -H names another
    #[arg(short = 'd', long = "data", value_name = "TEXT|@F|@-", help_heading = reach::REQUEST)]
    pub(crate) data: Option<String>,

    /// How long to watch, in seconds: all of it where the stream is quiet, so that --for 75 sees the
    /// usual idle timeouts; less where it sends much
    #[arg(long = "for", value_name = "S", default_value = "20", value_parser = seconds,
          allow_negative_numbers = true)]
    pub(crate) time: Duration,

    /// Ask once as a page of this origin, to see what pages can read
    #[arg(long, value_name = "ORIGIN", default_value = "https://example.com")]
    pub(crate) origin: String,

    /// Print one JSON object: url, seconds, worst, findings (check,
    /// severity, what, because, basis, advice); with --through also
    /// through, and in place of findings compared (with direct, through)
    #[arg(long)]
    pub(crate) json: bool,

    /// Let warnings count as errors
    #[arg(long)]
    pub(crate) strict: bool,
}
