//! How a server is reached from outside, on the command line of `serve` and `demo`. In: words. Out:
//! [`Front`].
//!
//! Next: `web/gate.rs`.

use http::uri::PathAndQuery;
use url::Host;

/// The names and the path that proxies in front pass on.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Front {
    /// Answer to this host name too, beside localhost and IP addresses; can be repeated
    ///
    /// On loopback without a token, and wherever this option is given, requests for any other host are
    /// refused with status 421: otherwise a web page could read the stream under a name of its own
    /// (DNS rebinding). A proxy that passes the public name on, as Caddy does, needs it named here.
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(crate) allow_host: Vec<String>,

    /// Serve everything under this path too, for proxies that do not strip it
    #[arg(long, value_name = "PATH", value_parser = base_path)]
    pub(crate) base_path: Option<String>,
}

/// A host name as browsers send it: lower case, ASCII, without a dot at the end.
fn host(text: &str) -> Result<String, String> {
    let says = "a host name has no scheme, port or path, such as app.example";
    let parsed = Host::parse(text).map_err(|_| says.to_owned())?;
    match parsed {
        Host::Domain(name) if name.contains('*') => Err(format!("{says}, and no pattern")),
        Host::Domain(name) => Ok(name.trim_end_matches('.').to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => Err("IP addresses are answered anyway".to_owned()),
    }
}

/// A path without the slash at its end.
fn base_path(text: &str) -> Result<String, &'static str> {
    let says = "a path begins with / and has no query, such as /live";
    let path = text.trim_end_matches('/');
    let parsed = PathAndQuery::try_from(path).map_err(|_| says)?;
    let legal = path.starts_with('/') && parsed.query().is_none() && parsed.as_str() == path;
    legal.then(|| path.to_owned()).ok_or(says)
}

#[cfg(test)]
mod tests;
