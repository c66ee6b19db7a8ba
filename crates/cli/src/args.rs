//! The command line. In: words. Out: [`Args`], all of them valid; otherwise an error that says which
//! is not, and exit code 2.
//!
//! Next: `main.rs` calls the command.

mod check;
mod front;
mod hub;
mod limits;
mod load;
mod reach;
mod secret;
mod serve;
mod tail;
mod usage;
mod values;

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::exit;

pub(crate) use check::Check;
pub(crate) use front::Front;
pub(crate) use hub::{EngineUrl, Hub, HubKeys, HubLimits, KeySource};
use limits::Limits;
pub(crate) use load::{Dialect, Load, Numbers, Pid, Publishing};
pub(crate) use reach::Reach;
pub(crate) use serve::{Format, From, ListenHost, Serve, Token};
pub(crate) use tail::{Incomplete, Preset, StoreKind, Tail};

/// Print, check, serve and decode event streams (server-sent events)
#[derive(Debug, Parser)]
#[command(name = "wellspring", version, after_help = exit::CODES, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    Tail(Box<Tail>),
    Check(Check),
    Load(Box<Load>),
    Serve(Serve),
    Hub(Box<Hub>),
    Decode(Decode),
    Completions(Completions),
    Man(Man),
}

/// Serve a live news stream and a page that lists it, and print what arrives
///
/// Server, page and our own event source, all on this machine. News are made from their number and
/// kept nowhere: a demo that is killed and started again goes on where it was, and a reader that comes
/// back misses nothing. Ctrl-C ends it.
#[derive(Debug, clap::Args)]
#[command(after_help = exit::SERVER_CODES)]
pub(crate) struct Demo {
    /// The port to listen on, on loopback; if it is taken, another one
    #[arg(long, value_name = "P", default_value_t = 8080)]
    pub(crate) port: u16,

    /// Serve https, with HTTP/2 and a self-signed certificate
    #[arg(long)]
    pub(crate) tls: bool,

    #[command(flatten)]
    pub(crate) front: Front,

    /// Milliseconds from one item to the next
    #[arg(long, value_name = "MS", default_value_t = 1000, hide = true,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) interval: u32,

    /// End after this many events
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
}

/// Turn an event stream into JSON lines, as it arrives
///
/// One object for each event, with the keys type, data and lastEventId; `wellspring serve --format json`
/// reads them. Any bytes are an event stream; only a line, an event or an id over its limit stops it.
/// Comments and unknown fields may be of any length.
#[derive(Debug, clap::Args)]
#[command(after_help = DECODE_EXIT_CODES)]
pub(crate) struct Decode {
    /// The file to read; standard input without one, or for "-"
    pub(crate) file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) limits: Limits,
}

const DECODE_EXIT_CODES: &str = "\
Exit codes:
    0  everything was decoded, or standard output was closed
    1  a limit was exceeded, reading or writing failed
    2  usage: an argument is not valid, or names a file that cannot be read";

/// Print completions for a shell
///
/// For bash: wellspring completions bash > ~/.local/share/bash-completion/completions/wellspring
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// Print a page of the manual
///
/// To read it: wellspring man tail | man -l -
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// The command it is about; the program itself without one
    pub(crate) command: Option<String>,
}

impl Args {
    /// Parses the command line; ends the program when a word is not valid, or asks for help.
    pub(crate) fn parse_or_exit() -> Self {
        Self::try_parse().unwrap_or_else(|error| {
            let words: Vec<String> = std::env::args_os()
                .map(|word| word.to_string_lossy().into_owned())
                .collect();
            usage::printable(error, &words, Self::command()).exit()
        })
    }
}

#[cfg(test)]
mod tests;
