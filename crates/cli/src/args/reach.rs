//! The arguments about how a server is reached, the same for every command that reaches one.
//!
//! Next: `../reach.rs`.

use std::path::PathBuf;

use wellspring::transport::Proxy;

use super::values::{User, header, proxy, user};

#[derive(Debug, clap::Args)]
pub(crate) struct Reach {
    /// Send this header with every request; can be repeated. One that could hold a secret, which is any
    /// but the usual ones such as Accept and User-Agent, is neither shown nor sent on to another origin
    /// that a redirect leads to
    #[arg(short = 'H', long = "header", value_name = "K: V", value_parser = header)]
    pub(crate) headers: Vec<(String, String)>,

    /// Send this name and password, as Basic authorization
    #[arg(short = 'u', long, value_name = "NAME:PASSWORD", value_parser = user)]
    pub(crate) user: Option<User>,

    /// Go through this proxy: http, https, socks5 or socks5h, with NAME:PASSWORD@ if it wants them.
    /// Otherwise that of the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`)
    #[arg(long, value_name = "URL", value_parser = proxy)]
    pub(crate) proxy: Option<Proxy>,

    /// Go through no proxy, whatever the environment says
    #[arg(long, conflicts_with = "proxy")]
    pub(crate) no_proxy: bool,

    /// Connect to whoever listens at this path, whatever the host of the URL
    #[arg(long, value_name = "PATH", conflicts_with_all = ["proxy", "no_proxy"])]
    pub(crate) unix_socket: Option<PathBuf>,

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
