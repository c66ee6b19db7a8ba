//! What the engine is told. In: a URL, or one call for each thing. Out: the same, with defaults.
//!
//! Next: `options/address.rs` for the URL, `connection.rs`.

mod address;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// For how long an idempotency key is recognised unless another time is set.
const KEY_WINDOW: Duration = Duration::from_secs(600);

/// Configures a [`NatsEngine`](crate::NatsEngine).
///
/// As a URL: `nats://USER:PASSWORD@HOST:PORT,HOST:PORT/STREAM?replicas=3`. User and password, or a token
/// in place of both, ports (4222), further hosts of the cluster, and the stream (`wellspring`) may be left
/// out. `tls://` insists on TLS. The query may have:
///
/// | name | what |
/// |---|---|
/// | `replicas` | how many servers keep the stream: 1, 3 or 5; without it, 1 for a new stream and any for one that is there |
/// | `credentials` | a file with a token and a seed, as `nsc` writes it |
/// | `ca` | a PEM file with the authorities that certificates of servers are signed by, in place of the system's |
/// | `certificate`, `key` | PEM files by which this client shows who it is |
///
/// ```
/// use wellspring_nats::NatsOptions;
///
/// let options: NatsOptions = "tls://nats-1.example,nats-2.example/shop?replicas=3".parse()?;
/// assert_eq!(options.stream(), "shop");
/// let error = "nats://localhost/shop?replica=3".parse::<NatsOptions>().unwrap_err();
/// assert!(error.to_string().contains("replica"));
/// # Ok::<(), wellspring_nats::InvalidAddress>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct NatsOptions {
    pub(crate) servers: Vec<String>,
    pub(crate) login: Login,
    pub(crate) require_tls: bool,
    pub(crate) authorities: Option<PathBuf>,
    /// The certificate, and its key.
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
    pub(crate) stream: String,
    pub(crate) replicas: Option<usize>,
    pub(crate) key_window: Duration,
}

/// How the client says who it is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Login {
    None,
    User { name: String, password: String },
    Token(String),
    Credentials(PathBuf),
}

impl NatsOptions {
    /// Returns the stream's name.
    #[must_use]
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// Sets for how long an idempotency key is recognised; default 10 minutes. A stream that is there is
    /// set to it. The server keeps some 150 bytes in memory for each event of that time.
    #[must_use]
    pub fn key_window(mut self, window: Duration) -> Self {
        self.key_window = window;
        self
    }
}

impl fmt::Debug for NatsOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsOptions")
            .field("servers", &self.servers)
            .field("stream", &self.stream)
            .field("replicas", &self.replicas)
            .field("key_window", &self.key_window)
            .finish_non_exhaustive()
    }
}

/// Reports an address that is none of NATS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAddress(String);

impl fmt::Display for InvalidAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidAddress {}
