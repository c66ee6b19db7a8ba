//! The command line. In: words. Out: [`Args`], in which every word makes sense; otherwise clap says
//! which does not, and ends the program with exit code 2.
//!
//! Next: `main.rs` calls the command.

mod serve;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::exit;

pub(crate) use serve::{Format, From, Serve, Token};

/// Look at event streams, serve and decode them, and see a live one.
#[derive(Debug, Parser)]
#[command(name = "wellspring", version, about, after_help = exit::HELP, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Tail(Tail),
    Serve(Serve),
    Decode(Decode),
}

/// Serve a live news stream and a page that lists it, and print what arrives
///
/// Server, page and our own event source, all on this machine. News are made from their number and
/// kept nowhere: a demo that is killed and started again goes on where it was, and whoever comes back
/// misses nothing. Ctrl-C ends it.
#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Demo {
    /// The port to listen on, on loopback; if it is taken, another one
    #[arg(long, value_name = "P", default_value_t = 8080)]
    pub(crate) port: u16,

    /// Serve https, with HTTP/2 and a certificate that nobody vouches for
    #[arg(long)]
    pub(crate) tls: bool,

    /// Milliseconds from one item to the next
    #[arg(long, value_name = "MS", default_value_t = 1000, hide = true,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) interval: u32,

    /// End after this many events
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
}

/// Print the events of a stream as they come
///
/// Reconnects and resumes like every event source. Events go to standard output; what happens to
/// the connection goes to standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Tail {
    /// The event stream, http or https
    #[arg(value_parser = url)]
    pub(crate) url: String,

    /// Send this header with every request; can be repeated
    #[arg(short = 'H', long = "header", value_name = "K: V", value_parser = header)]
    pub(crate) headers: Vec<(String, String)>,

    /// Print events of this type only; can be repeated ("message" is the type of unnamed events)
    #[arg(long = "event", value_name = "NAME")]
    pub(crate) events: Vec<String>,

    /// Begin after the event with this id
    #[arg(long, value_name = "ID", value_parser = last_event_id)]
    pub(crate) last_event_id: Option<String>,

    /// Print one JSON object a line: type, data, lastEventId, origin
    #[arg(long)]
    pub(crate) json: bool,

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

    /// Speak HTTP/2 without asking first, also without TLS
    #[arg(long)]
    pub(crate) http2_prior_knowledge: bool,

    /// Accept any certificate: anybody could be listening
    #[arg(short = 'k', long)]
    pub(crate) insecure: bool,

    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "F")]
    pub(crate) cacert: Option<PathBuf>,
}

/// Turn an event stream into JSON lines, as it arrives
///
/// One object for each event, with the keys type, data and lastEventId. Any bytes are an event
/// stream; only a line or an event of more than 16 MiB stops it.
#[derive(Debug, clap::Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Decode {
    /// The file to read; standard input without one, or for "-"
    pub(crate) file: Option<PathBuf>,
}

fn url(text: &str) -> Result<String, String> {
    if text.contains("://") {
        return Ok(text.to_owned());
    }
    Err(format!(
        "not an absolute URL; did you mean http://{text} or https://{text}?"
    ))
}

fn header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text
        .split_once(':')
        .ok_or("a header is a name, a colon and a value")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn last_event_id(text: &str) -> Result<String, &'static str> {
    if text.contains(['\r', '\n']) {
        return Err("an id has no line ends");
    }
    Ok(text.to_owned())
}

fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    let duration = Duration::try_from_secs_f64(seconds);
    duration
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or("a time is more than 0 seconds, and not endless")
}

#[cfg(test)]
mod tests;
