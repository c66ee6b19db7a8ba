//! The arguments about how a server is reached, the same for every command that reaches one.
//!
//! Next: `../reach.rs`.

use std::path::PathBuf;
use std::time::Duration;

use wellspring::transport::Proxy;

use super::values::{User, header, proxy, seconds, user};

pub(super) const REQUEST: &str = "Request";
const CONNECTION: &str = "Connection";
const TLS: &str = "TLS";

#[derive(Debug, clap::Args)]
pub(crate) struct Reach {
    /// Send this header with every request; can be repeated. One that could hold a secret, which is any
    /// but the usual ones such as Accept and User-Agent, is neither shown nor sent on to another origin
    /// that a redirect leads to
    #[arg(short = 'H', long = "header", value_name = "K: V", value_parser = header,
          help_heading = REQUEST)]
    pub(crate) headers: Vec<(String, String)>,

    /// Send this name and password, as Basic authorization
    #[arg(short = 'u', long, value_name = "NAME:PASSWORD", value_parser = user,
          help_heading = REQUEST)]
    pub(crate) user: Option<User>,

    /// Go through this proxy: http, https, socks5 or socks5h, with NAME:PASSWORD@ if it requires them.
    /// Otherwise that of the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`)
    #[arg(long, value_name = "URL", value_parser = proxy, help_heading = CONNECTION)]
    pub(crate) proxy: Option<Proxy>,

    /// Go through no proxy, whatever the environment says
    #[arg(long, conflicts_with = "proxy", help_heading = CONNECTION)]
    pub(crate) no_proxy: bool,

    /// Connect to the Unix domain socket at this path, whatever the host of the URL
    #[arg(long, value_name = "PATH", conflicts_with_all = ["proxy", "no_proxy"],
          help_heading = CONNECTION)]
    pub(crate) unix_socket: Option<PathBuf>,

    /// Speak HTTP/2 without asking first, also without TLS
    #[arg(long, help_heading = CONNECTION)]
    pub(crate) http2_prior_knowledge: bool,

    /// Connecting, with the TLS handshake, may take this many seconds; 30 by default
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true,
          help_heading = CONNECTION)]
    pub(crate) connect_timeout: Option<Duration>,

    /// Probe a connection that has been silent for this many seconds, to learn whether the server is still there; 60 by
    /// default
    #[arg(long, value_name = "S", value_parser = seconds, allow_negative_numbers = true,
          help_heading = CONNECTION)]
    pub(crate) tcp_keep_alive: Option<Duration>,

    /// Never probe a silent connection
    #[arg(long, conflicts_with = "tcp_keep_alive", help_heading = CONNECTION)]
    pub(crate) no_tcp_keep_alive: bool,

    /// Accept any certificate: another server could be answering
    #[arg(short = 'k', long, help_heading = TLS)]
    pub(crate) insecure: bool,

    /// Trust the certificates in this PEM file too: those of issuers, or the server's own
    #[arg(long, value_name = "F", help_heading = TLS)]
    pub(crate) cacert: Option<PathBuf>,

    /// Present this client certificate: a PEM file with the chain, and the key unless --key names it
    #[arg(long, value_name = "F", help_heading = TLS)]
    pub(crate) cert: Option<PathBuf>,

    /// The private key of the client certificate, a PEM file
    #[arg(long, value_name = "F", requires = "cert", help_heading = TLS)]
    pub(crate) key: Option<PathBuf>,
}
