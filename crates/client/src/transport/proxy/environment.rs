//! In: environment variables. Out: which way a request leaves when neither source nor transport say.
//! Next: `tunnel.rs`.

use std::net::IpAddr;

use super::{Proxy, Route};
use crate::transport::TransportError;
use crate::transport::connect::Endpoint;
use crate::transport::localhost::is_localhost;

/// What the environment says of proxies, read once.
///
/// `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower case or else in upper case, except that `HTTP_PROXY` is
/// never looked at: where a program runs by CGI, a client sets it with a header `Proxy`.
pub(in crate::transport) struct Environment {
    http: Option<Result<Proxy, TransportError>>,
    https: Option<Result<Proxy, TransportError>>,
}

impl Environment {
    pub(in crate::transport) fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let either = |name: &str| value(name).or_else(|| value(&name.to_ascii_uppercase()));
        let except = either("no_proxy").unwrap_or_default();
        let all = either("all_proxy");
        let proxy = |name: &str, url: Option<String>| {
            let (name, url) = match (url, &all) {
                (Some(url), _) => (name, url),
                (None, Some(url)) => ("all_proxy", url.clone()),
                (None, None) => return None,
            };
            Some(match Proxy::new(url) {
                Ok(proxy) => Ok(proxy.except(&except)),
                Err(error) => {
                    let place = format!("the environment variable {name}");
                    Err(error.at(&place))
                }
            })
        };
        Self {
            http: proxy("http_proxy", value("http_proxy")),
            https: proxy("https_proxy", either("https_proxy")),
        }
    }

    /// What only this machine can reach is reached directly: a proxy elsewhere would look on its own loopback.
    pub(in crate::transport) fn route(&self, endpoint: &Endpoint) -> Result<Route, TransportError> {
        let proxy = if endpoint.tls {
            &self.https
        } else {
            &self.http
        };
        match proxy {
            Some(proxy) if !is_loopback(&endpoint.host) => Ok(Route::Proxy(proxy.clone()?)),
            _ => Ok(Route::Direct),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    is_localhost(host) || address.is_ok_and(|address| address.is_loopback())
}
