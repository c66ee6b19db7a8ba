//! The command line of `serve`. In: words. Out: [`Serve`].
//!
//! Next: `serve.rs`.

use std::fmt;
use std::hint::black_box;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::ValueEnum;
use url::{Host, Url};

use crate::{exit, secrets};

use super::front::Front;

/// Serve standard input as an event stream
///
/// Each line becomes an event. New and returning subscribers get what they missed, from the history.
/// Paths:
///
///   GET  /events   the stream; Last-Event-ID and ?lastEventId= resume
///   POST /events   publish, with --publish-token: the body is read as standard input is
///   GET  /         a page that shows the stream
///   GET  /healthz  answers "ok"
///   GET  /metrics  counters for Prometheus
///
/// Goes on serving after the end of input. Ctrl-C ends it; so does SIGHUP, unless there are certificate
/// files to read again.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{}", exit::SERVER_CODES), verbatim_doc_comment)]
pub(crate) struct Serve {
    /// The port to listen on, 0 for any free one; by default 8080, or a free one if that is taken
    #[arg(long, value_name = "P")]
    pub(crate) port: Option<u16>,

    /// The IP address or name to listen on: 0.0.0.0 or :: for every address of this machine
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1", value_parser = listen_host)]
    pub(crate) host: ListenHost,

    #[command(flatten)]
    pub(crate) front: Front,

    /// What the input consists of
    #[arg(long, value_enum, default_value_t = Format::Lines)]
    pub(crate) format: Format,

    /// Keep the newest N events, at most 64 MiB, for new and returning subscribers
    #[arg(long, value_name = "N", default_value_t = 10_000,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) history: u32,

    /// Where a new subscriber begins
    #[arg(long, value_enum, default_value_t = From::Start)]
    pub(crate) from: From,

    /// Allow web pages of this origin to read, "*" for any; can be repeated
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) cors: Vec<String>,

    /// Require this token for reading, as "Authorization: Bearer T" or ?token=T
    ///
    /// On a terminal, the URL of the page is printed with the token behind "#": browsers send that part
    /// to no server, so it gets into no log.
    #[arg(long, value_name = "T", env = "WELLSPRING_TOKEN", hide_env_values = true,
          value_parser = Token::new)]
    pub(crate) token: Option<Token>,

    /// Accept events by POST with this token, as "Authorization: Bearer T"
    #[arg(long, value_name = "T", env = "WELLSPRING_PUBLISH_TOKEN", hide_env_values = true,
          value_parser = Token::new)]
    pub(crate) publish_token: Option<Token>,

    /// Serve https (HTTP/2 and HTTP/1.1) with the certificate chain in this PEM file
    ///
    /// The file and the key are read again when they change, and at SIGHUP.
    #[arg(long, value_name = "F", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The private key of the certificate, PEM
    #[arg(long, value_name = "F", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Serve https with a new self-signed certificate, for tests
    #[arg(long, conflicts_with = "tls_cert")]
    pub(crate) tls_self_signed: bool,

    /// End with the input, once every subscriber has read everything (after 10 s at most)
    #[arg(long)]
    pub(crate) exit_on_eof: bool,
}

const EXAMPLES: &str = "\
Examples:
    journalctl -f | wellspring serve
    ping example.org | wellspring serve --from now --port 8080
    jq -c --unbuffered '{event: .level, data: .}' app.log | wellspring serve --format json
    curl -H 'Authorization: Bearer T' -d 'hello' http://localhost:8080/events";

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListenHost {
    Ip(IpAddr),
    /// To be looked up, in lower case.
    Name(String),
}

impl fmt::Display for ListenHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => ip.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

pub(super) fn listen_host(text: &str) -> Result<ListenHost, &'static str> {
    let says = "neither an IP address nor a host name; the port goes to --port";
    if let Ok(ip) = text.parse() {
        return Ok(ListenHost::Ip(ip));
    }
    match Host::parse(text).map_err(|_| says)? {
        Host::Domain(name) => Ok(ListenHost::Name(name)),
        Host::Ipv4(ip) => Ok(ListenHost::Ip(ip.into())),
        Host::Ipv6(ip) => Ok(ListenHost::Ip(ip.into())),
    }
}

/// What input consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Each line is the data of an event
    Lines,
    /// Each line is a JSON object: any of event, id, retry (milliseconds) and data, or what
    /// 'tail --json' and 'decode' print; data that is not a string is sent as JSON
    Json,
    /// An event stream; events keep their type and id
    Sse,
}

/// Where a new subscriber begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// With the oldest event of the history
    Start,
    /// With the next event
    Now,
}

/// A secret that is brought along.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

impl Token {
    /// Takes what fits into a header.
    pub(crate) fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("a token is visible ASCII without spaces");
        }
        secrets::remember(text);
        Ok(Self(text.to_owned()))
    }

    /// For the one who gave it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the same; takes as long wherever the two differ.
    pub(crate) fn is(&self, brought: &[u8]) -> bool {
        let own = self.0.as_bytes().iter().cycle();
        let differing = brought
            .iter()
            .zip(own)
            .fold(0, |differing, (a, b)| black_box(differing | (a ^ b)));
        differing == 0 && brought.len() == self.0.len()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// An origin as a browser writes it.
pub(super) fn origin(text: &str) -> Result<String, String> {
    if text == "*" {
        return Ok(text.to_owned());
    }
    let says = "an origin is a scheme, a host and perhaps a port, such as https://app.example";
    let url = Url::parse(text).map_err(|_| says.to_owned())?;
    let origin = url.origin();
    match origin.ascii_serialization() {
        _ if !origin.is_tuple() => Err(says.to_owned()),
        serialized if serialized == text => Ok(serialized),
        serialized => Err(format!("{says}; did you mean {serialized}?")),
    }
}

#[cfg(test)]
mod tests;
