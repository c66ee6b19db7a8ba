//! The command line of `hub`. In: words, and the environment. Out: [`Hub`].
//!
//! Next: `hub.rs`; `hub/layers.rs` for the file and for the names that Mercure's own hub has.

mod keys;
mod limits;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;
use wellspring_hub::Network;

use super::serve::{ListenHost, listen_host, origin};
use super::values::seconds_or_none;
use crate::exit;
use crate::secrets::remember;

pub(crate) use keys::{HubKeys, KeySource};
pub(crate) use limits::{HistoryLimits, HubLimits};

/// Serve a hub: applications publish, and any number of EventSource clients subscribe by topic
///
/// It speaks the Mercure protocol, in the dialects of 0.x and 1.0, at /.well-known/mercure. Paths beside it:
///
///   GET  /healthz  answers "ok"
///   GET  /readyz   answers whether this node should get traffic
///   GET  /metrics  counters for Prometheus, unless they have a port of their own
///
/// Every option is also a variable of the environment, which its help names, and a key of the file in --config,
/// named like the option. The command line counts before the environment, and that before the file.
/// Ctrl-C ends it; SIGHUP reads certificates and keys again.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{}", exit::SERVER_CODES), verbatim_doc_comment)]
pub(crate) struct Hub {
    /// Try it out: on loopback, history in memory, new keys at each start, a token ready to publish with
    #[arg(long, env = "WELLSPRING_DEV", conflicts_with_all = ["host", "data", "engine"])]
    pub(crate) dev: bool,

    /// A file with options, TOML: each key is the name of one without the dashes
    #[arg(long, value_name = "F", env = "WELLSPRING_CONFIG")]
    pub(crate) config: Option<PathBuf>,

    /// The port to listen on, 0 for any free one; by default 8080, or a free one if that is taken
    #[arg(long, value_name = "P", env = "WELLSPRING_PORT")]
    pub(crate) port: Option<u16>,

    /// The IP address or name to listen on: 0.0.0.0 or :: for every address of this machine
    #[arg(long, value_name = "HOST", env = "WELLSPRING_HOST", default_value = "127.0.0.1",
          value_parser = listen_host)]
    pub(crate) host: ListenHost,

    /// The hub's URL as clients have it
    ///
    /// It is what access tokens are meant for (aud), and what relative topics are relative to. Needed with
    /// --issuer. Without a path, the path is /.well-known/mercure.
    #[arg(long, value_name = "URL", env = "WELLSPRING_PUBLIC_URL", value_parser = public_url)]
    pub(crate) public_url: Option<Url>,

    /// Keep the history in this folder; without it, in memory, so that a restart forgets it
    #[arg(long, value_name = "DIR", env = "WELLSPRING_DATA")]
    pub(crate) data: Option<PathBuf>,

    #[arg(long, value_name = "URL", env = "WELLSPRING_ENGINE", conflicts_with = "data", hide_env_values = true,
          value_parser = engine, help = ENGINE, long_help = format!("{ENGINE}\n\n{ENGINE_URLS}{NATS_URLS}"))]
    pub(crate) engine: Option<EngineUrl>,

    #[command(flatten)]
    pub(crate) keys: HubKeys,

    /// Let readers without a token read public events
    #[arg(long, env = "WELLSPRING_ANONYMOUS")]
    pub(crate) anonymous: bool,

    /// Serve a page at / to subscribe, to publish, and to see what happens; --dev does too
    #[arg(long, env = "WELLSPRING_PAGE")]
    pub(crate) page: bool,

    /// Tell of subscriptions, in events and at /.well-known/mercure/subscriptions
    #[arg(long, env = "WELLSPRING_SUBSCRIPTIONS")]
    pub(crate) subscriptions: bool,

    /// Allow web pages of this origin to read, "*" for any; can be repeated
    #[arg(long, value_name = "ORIGIN", env = "WELLSPRING_CORS", value_delimiter = ',', value_parser = origin)]
    pub(crate) cors: Vec<String>,

    /// Allow web pages of this origin to publish with a cookie; can be repeated
    #[arg(long, value_name = "ORIGIN", env = "WELLSPRING_PUBLISH_ORIGIN", value_delimiter = ',',
          value_parser = origin)]
    pub(crate) publish_origin: Vec<String>,

    /// The proxies, by address or network, whose X-Forwarded-For is taken; can be repeated
    #[arg(
        long,
        value_name = "NET",
        env = "WELLSPRING_TRUSTED_PROXY",
        value_delimiter = ','
    )]
    pub(crate) trusted_proxy: Vec<Network>,

    #[command(flatten)]
    pub(crate) history: HistoryLimits,

    #[command(flatten)]
    pub(crate) limits: HubLimits,

    /// Seconds that a stream lasts, each ends after 80 to 100 % of it; 0 for no end
    #[arg(long, value_name = "S", env = "WELLSPRING_LIFETIME", default_value = "600",
          value_parser = seconds_or_none)]
    pub(crate) lifetime: Duration,

    /// Seconds of silence until a comment is sent
    #[arg(long, value_name = "S", env = "WELLSPRING_KEEP_ALIVE", default_value = "40",
          value_parser = super::values::seconds)]
    pub(crate) keep_alive: Duration,

    /// Seconds that a publish waits while the history cannot be written, before it is answered 503
    #[arg(long, value_name = "S", env = "WELLSPRING_PUBLISH_PATIENCE", default_value = "10",
          value_parser = super::values::seconds)]
    pub(crate) publish_patience: Duration,

    /// Seconds over which streams end at Ctrl-C
    #[arg(long, value_name = "S", env = "WELLSPRING_DRAIN", default_value = "2",
          value_parser = super::values::seconds)]
    pub(crate) drain: Duration,

    /// Serve the metrics on this port instead, on the same host
    #[arg(long, value_name = "P", env = "WELLSPRING_METRICS_PORT")]
    pub(crate) metrics_port: Option<u16>,

    /// Serve https (HTTP/2 and HTTP/1.1) with the certificate chain in this PEM file
    ///
    /// The file and the key are read again when they change, and at SIGHUP.
    #[arg(
        long,
        value_name = "F",
        env = "WELLSPRING_TLS_CERT",
        requires = "tls_key"
    )]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The private key of the certificate, PEM
    #[arg(
        long,
        value_name = "F",
        env = "WELLSPRING_TLS_KEY",
        requires = "tls_cert"
    )]
    pub(crate) tls_key: Option<PathBuf>,
}

const ENGINE: &str =
    "Keep the history in this server, for as many nodes as name it, such as redis://HOST";

const ENGINE_URLS: &str = "\
redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE], or rediss:// for TLS; redis+sentinel://HOST[,HOST…]/SERVICE asks \
Sentinels. Behind it, ?prefix=NAME for another history, ?replicas=N to wait for replicas. A password is safer in the \
environment or in the file than on the command line, which others of this machine can read.";

const NATS_URLS: &str = if cfg!(feature = "nats") {
    "\n\nnats://[USER:PASSWORD@]HOST[:PORT][,HOST…][/STREAM], or tls:// to insist on TLS. Behind it, ?replicas=3 for a \
     stream on three servers, ?credentials=FILE, ?ca=FILE."
} else {
    ""
};

/// Where a history of several nodes is. It may have a password in it.
#[derive(Clone)]
pub(crate) struct EngineUrl(pub(crate) String);

impl fmt::Debug for EngineUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme())
    }
}

impl EngineUrl {
    pub(crate) fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }
}

/// What the rest of it means, its engine says.
fn engine(text: &str) -> Result<EngineUrl, &'static str> {
    let (_, rest) = text
        .split_once("://")
        .ok_or("an engine is named by a URL, such as redis://HOST")?;
    if let Some((user, _)) = rest.rsplit_once('@') {
        match user.split_once(':') {
            Some((_, password)) => remember(password),
            // NATS takes a token there.
            None => remember(user),
        }
    }
    Ok(EngineUrl(text.to_owned()))
}

const EXAMPLES: &str = "\
Examples:
    wellspring hub --dev
    WELLSPRING_PUBLISHER_KEY=… WELLSPRING_SUBSCRIBER_KEY=… wellspring hub --data /var/lib/wellspring --anonymous
    WELLSPRING_ENGINE=redis://… wellspring hub --host 0.0.0.0 --config /etc/wellspring/hub.toml
    wellspring hub --config /etc/wellspring/hub.toml";

fn public_url(text: &str) -> Result<Url, &'static str> {
    let says =
        "a public URL is http or https, a host and perhaps a path, such as https://example.org";
    let mut url = Url::parse(text).map_err(|_| says)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !is_web || !is_bare || url.password().is_some() {
        return Err(says);
    }
    if url.path() == "/" {
        url.set_path(wellspring_hub::HUB_PATH);
    }
    Ok(url)
}

#[cfg(test)]
mod tests;
