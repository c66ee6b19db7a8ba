//! Which hosts are answered for. In: the `Host` or `:authority` of a request. Out: nothing when it is one
//! of ours; otherwise 400 or 421.
//!
//! A web page may point a name of its own at 127.0.0.1 and so read, as its own origin, what only this
//! machine may see (DNS rebinding). The browser still says the name, and the name gives it away.
//!
//! Next: back to `gate.rs`.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use http::header::HOST;
use http::uri::Authority;
use http::{HeaderValue, Request, Response, StatusCode, Version};
use http_body_util::Full;

use super::reply;

/// The host names that are answered for.
#[derive(Debug)]
pub(crate) struct Hosts {
    /// Beside localhost and IP addresses; `None` for any name.
    named: Option<Vec<String>>,
}

impl Hosts {
    /// Every host.
    pub(crate) fn any() -> Self {
        Self { named: None }
    }

    /// localhost, its subdomains, IP addresses and these names, which are in lower case.
    pub(crate) fn only(named: Vec<String>) -> Self {
        Self { named: Some(named) }
    }

    /// The answer to a request for another host, or one that says none or several.
    pub(crate) fn refuse<B>(&self, request: &Request<B>) -> Option<Response<Full<Bytes>>> {
        let asked = match hosts(request) {
            Ok(asked) => asked,
            Err(says) => return Some(reply::text(StatusCode::BAD_REQUEST, says)),
        };
        let other = asked.into_iter().find(|host| !self.answers_to(host))?;
        let text = match other.is_empty() {
            true => "The Host header names no host; this server answers to localhost, to IP \
                     addresses and to names given with --allow-host.\n"
                .to_owned(),
            false => format!(
                "This server does not answer to the host \"{other}\", only to localhost and IP \
                 addresses. If the name is yours, start the server with --allow-host {other}\n"
            ),
        };
        Some(reply::text(StatusCode::MISDIRECTED_REQUEST, text))
    }

    fn answers_to(&self, host: &str) -> bool {
        let Some(named) = &self.named else {
            return true;
        };
        host == "localhost" || host.ends_with(".localhost") || is_ip(host) || {
            named.iter().any(|name| name == host)
        }
    }
}

/// The hosts that a request says it is for: of its target, and of its header. Over HTTP/1.1 a request for
/// a whole URL has both.
fn hosts<B>(request: &Request<B>) -> Result<Vec<String>, &'static str> {
    let mut headers = request.headers().get_all(HOST).iter();
    let header = headers.next().map(in_header).transpose()?;
    if headers.next().is_some() {
        return Err("A request has one Host header, this has several.\n");
    }
    let target = request.uri().authority().map(in_authority).transpose()?;
    let version = request.version();
    let is_missing = match version {
        Version::HTTP_09 | Version::HTTP_10 => false,
        Version::HTTP_11 => header.is_none(),
        _ => header.is_none() && target.is_none(),
    };
    if is_missing {
        return Err("The request has no Host header.\n");
    }
    let differ = matches!((&header, &target), (Some(header), Some(target)) if header != target);
    if differ && version >= Version::HTTP_2 {
        return Err("The Host header and :authority differ.\n");
    }
    Ok(target.into_iter().chain(header).collect())
}

fn in_header(value: &HeaderValue) -> Result<String, &'static str> {
    let says = "The Host header is not a host and a port.\n";
    let text = value.to_str().map_err(|_| says)?.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    in_authority(&Authority::try_from(text).map_err(|_| says)?)
}

/// The host as it is compared: in lower case, without the port and the dot of the root. What stands before
/// or between them is no part of a host.
fn in_authority(authority: &Authority) -> Result<String, &'static str> {
    let host = authority.host();
    let rest = authority.as_str().strip_prefix(host);
    let port = rest.and_then(|rest| rest.strip_prefix(':').or(rest.is_empty().then_some(rest)));
    if !port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("The host is not a name or address and a port.\n");
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    Ok(host.to_ascii_lowercase())
}

fn is_ip(host: &str) -> bool {
    let bracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match bracketed {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
        None => host.parse::<Ipv4Addr>().is_ok(),
    }
}

#[cfg(test)]
mod tests;
