//! The arguments of `tail`.
//!
//! Next: `../tail.rs`.

use std::path::PathBuf;
use std::time::Duration;

use wellspring::FiniteStream;

use super::limits::Limits;
use super::reach::{self, Reach};
use super::values::{last_event_id, seconds, url};

const EXIT_CODES: &str = "\
Exit codes:
    0  ended: --count, --until or --until-data was met, the server ended the stream for good
       (204), or standard output was closed; with --no-reconnect and --preset finite also the end
       of the body
    1  failed for good: the server refused, a limit was exceeded, a write, a store or the command
       of --exec failed; the body ended inside an event, or before the last event that --preset
       names; that was an error; with --no-reconnect also a lost connection
    2  usage: an argument is not valid, or names a file that cannot be read
  124  --timeout has passed";

const ENDS: &str = "When a connection ends";
const OUTPUT: &str = "Output";
const STORE: &str = "Store";
const STOPS: &str = "When to stop";

/// Print the events of a stream as they come
///
/// Reconnects and resumes like every event source. Events go to standard output; what happens to
/// the connection goes to standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Tail {
    /// The event stream, http or https
    #[arg(value_parser = url, required_unless_present = "show")]
    pub(crate) url: Option<String>,

    /// Ask with this method instead of GET
    #[arg(short = 'X', long = "request", value_name = "METHOD", help_heading = reach::REQUEST)]
    pub(crate) method: Option<String>,

    /// Send this text, this file (@F) or standard input (@-) as the body, with POST unless -X says
    /// otherwise. The Content-Type is application/json for JSON, else
    /// application/x-www-form-urlencoded, unless -H names another
    #[arg(short = 'd', long = "data", value_name = "TEXT|@F|@-", help_heading = reach::REQUEST)]
    pub(crate) data: Option<String>,

    /// Begin after the event with this id; with --store, only if nothing is stored yet
    #[arg(long, value_name = "ID", value_parser = last_event_id, help_heading = reach::REQUEST)]
    pub(crate) last_event_id: Option<String>,

    #[command(flatten)]
    pub(crate) reach: Reach,

    /// What to do when a connection ends
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Preset::Standard,
          help_heading = ENDS)]
    pub(crate) preset: Preset,

    /// Do not connect again: exit code 0 if the server ended the connection, 1 if it was lost
    #[arg(long, help_heading = ENDS)]
    pub(crate) no_reconnect: bool,

    /// What to do with an event that the end of the body has cut off, or whose server leaves out the last
    /// blank line; fail by default, where the connection is the last
    #[arg(long, value_enum, value_name = "WHAT", help_heading = ENDS)]
    pub(crate) incomplete_event: Option<Incomplete>,

    /// Give up a connection after this many seconds without a byte, comments included, and connect
    /// again. 300 with the presets resilient and finite, else never
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true,
          help_heading = ENDS)]
    pub(crate) idle_timeout: Option<Duration>,

    /// Wait at most this many seconds before connecting again, however long the server's retry field
    /// or failed attempts make it. After a failure a random part of up to the same length comes on
    /// top, and Retry-After is obeyed
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true,
          help_heading = ENDS)]
    pub(crate) max_wait: Option<Duration>,

    /// End with the first event of this type, however many connections that takes; can be repeated.
    /// With --preset finite a stream that ends without one is an error
    #[arg(long = "until", value_name = "NAME", help_heading = STOPS)]
    pub(crate) until: Vec<String>,

    /// Likewise, with the first event whose data is this, such as '[DONE]'; can be repeated
    #[arg(long, value_name = "TEXT", help_heading = STOPS)]
    pub(crate) until_data: Vec<String>,

    /// End after printing this many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..),
          help_heading = STOPS)]
    pub(crate) count: Option<u64>,

    /// End after this many seconds in all
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true,
          help_heading = STOPS)]
    pub(crate) timeout: Option<Duration>,

    /// Print events of this type only; can be repeated ("message" is the type of unnamed events)
    #[arg(long = "event", value_name = "NAME", help_heading = OUTPUT)]
    pub(crate) events: Vec<String>,

    /// Print one JSON object a line: type, data, lastEventId, origin
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) json: bool,

    /// Print an event stream again, types and ids kept; it goes on when the server does not
    #[arg(long, conflicts_with_all = ["json", "data_only"], help_heading = OUTPUT)]
    pub(crate) sse: bool,

    /// Print the data alone, as it is
    #[arg(long, conflicts_with = "json", help_heading = OUTPUT)]
    pub(crate) data_only: bool,

    /// Print when each event came, in UTC; with --json as "received"
    #[arg(long, conflicts_with_all = ["sse", "data_only", "show"], help_heading = OUTPUT)]
    pub(crate) timestamps: bool,

    /// Run this command with the shell for each event instead of printing it, one after the other: the
    /// data is its standard input, `WELLSPRING_TYPE`, `WELLSPRING_ID` and `WELLSPRING_ORIGIN` are in its
    /// environment. One that fails ends the program
    #[arg(long, value_name = "COMMAND", help_heading = OUTPUT,
          conflicts_with_all = ["json", "sse", "data_only", "timestamps", "store"])]
    pub(crate) exec: Option<String>,

    /// Show requests and responses on standard error, secrets left out
    #[arg(short = 'v', long, help_heading = OUTPUT)]
    pub(crate) verbose: bool,

    /// Keep every event in this file too, and resume from it: an SQLite database, with the events in
    /// a table of it
    #[arg(long, value_name = "F", help_heading = STORE)]
    pub(crate) store: Option<PathBuf>,

    /// The kind of the file; by default what it is already, or sqlite for a new one
    #[arg(long, value_enum, value_name = "KIND", requires = "store", help_heading = STORE)]
    pub(crate) store_kind: Option<StoreKind>,

    /// Print what is stored of the stream, and end; without a URL, what is stored if that is of one
    /// stream only
    #[arg(long, requires = "store", help_heading = STORE)]
    pub(crate) show: bool,

    #[command(flatten)]
    pub(crate) limits: Limits,
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
    /// The same, up to the last event of chat completions; an error in the stream ends it with exit code 1,
    /// here and below
    OpenaiChat,
    /// Likewise, of responses
    OpenaiResponses,
    /// Of Anthropic's messages
    Anthropic,
    /// Of Gemini with alt=sse
    Gemini,
    /// Of Ollama's /v1
    Ollama,
    /// Of llama.cpp's server
    LlamaCpp,
    /// Of vLLM's server
    Vllm,
    /// Of OpenRouter
    Openrouter,
    /// Of a call of the Model Context Protocol
    Mcp,
}

impl Preset {
    /// Of which stream the last event is known.
    pub(crate) fn stream(self) -> Option<FiniteStream> {
        match self {
            Self::Standard | Self::Browser | Self::Resilient | Self::Finite => None,
            Self::OpenaiChat => Some(FiniteStream::OpenAiChat),
            Self::OpenaiResponses => Some(FiniteStream::OpenAiResponses),
            Self::Anthropic => Some(FiniteStream::Anthropic),
            Self::Gemini => Some(FiniteStream::Gemini),
            Self::Ollama => Some(FiniteStream::Ollama),
            Self::LlamaCpp => Some(FiniteStream::LlamaCpp),
            Self::Vllm => Some(FiniteStream::Vllm),
            Self::Openrouter => Some(FiniteStream::OpenRouter),
            Self::Mcp => Some(FiniteStream::Mcp),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Incomplete {
    /// Leave it out
    Discard,
    /// Leave it out, and end with exit code 1 if that was the last connection
    Fail,
    /// Print it, as far as it has come
    Dispatch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StoreKind {
    /// An SQLite database
    Sqlite,
    /// A plain file
    File,
}
