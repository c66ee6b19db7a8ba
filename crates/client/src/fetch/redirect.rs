//! In: a hop's method, URL and response. Out: the next hop, or that there is none (Fetch, HTTP-redirect fetch).
//! Next: `headers.rs`.

use std::error::Error;
use std::fmt;

use http::header::LOCATION;
use http::{HeaderMap, Method, Response, StatusCode};
use url::Url;

use super::{same_origin, without_credentials};
use crate::transport::shortened;

/// How many redirects are followed; the next is an error.
pub const MAX_REDIRECTS: usize = 20;

/// Where a redirect leads and what it changes in the request.
///
/// ```
/// use wellspring::fetch::rules::next_hop;
///
/// let response = http::Response::builder().status(307).header("location", "/new").body(()).unwrap();
/// let next = next_hop(&http::Method::GET, &"https://example.com/old#top".parse()?, &response).unwrap().unwrap();
/// assert_eq!(next.url.as_str(), "https://example.com/new#top");
/// assert!(!next.permanent && !next.cross_origin);
/// # Ok::<(), url::ParseError>(())
/// ```
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct NextHop {
    /// The target; it inherits the fragment when `Location` has none.
    pub url: Url,
    /// The method there.
    pub method: Method,
    /// The method became `GET`, so the body and the headers that describe it go.
    pub drops_body: bool,
    /// The status was 301 or 308.
    pub permanent: bool,
    /// The target's origin differs from that of the redirecting URL.
    pub cross_origin: bool,
}

/// Without userinfo, which may be secret.
impl fmt::Debug for NextHop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextHop")
            .field("url", &without_credentials(&self.url))
            .field("method", &self.method)
            .field("drops_body", &self.drops_body)
            .field("permanent", &self.permanent)
            .field("cross_origin", &self.cross_origin)
            .finish()
    }
}

/// Why a redirect cannot be followed.
///
/// ```
/// use wellspring::fetch::RedirectError;
///
/// assert_eq!(RedirectError::TooMany.to_string(), "more than 20 redirects");
/// assert_eq!(RedirectError::TooMany.help(), Some("the server may redirect in a circle"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectError {
    /// More than [`MAX_REDIRECTS`] in a row.
    TooMany,
    /// Several `Location`s that differ.
    Ambiguous,
    /// `Location` is not a URL.
    Unparsable(String),
    /// `Location` is neither `http` nor `https`.
    Scheme(String),
    /// The request's body must be sent again and can be read only once.
    BodyNotReplayable,
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => {
                write!(f, "more than {MAX_REDIRECTS} redirects")
            }
            Self::Ambiguous => f.write_str("the redirect names several locations"),
            Self::Unparsable(location) => {
                let location = shortened(location);
                write!(f, "the redirect's location {location:?} is not a URL")
            }
            Self::Scheme(scheme) => {
                let scheme = shortened(scheme);
                write!(
                    f,
                    "the redirect leads to a {scheme}: URL; only http and https are followed"
                )
            }
            Self::BodyNotReplayable => {
                f.write_str("the redirect requires the request's body again")
            }
        }
    }
}

impl RedirectError {
    /// Returns what to do about it, where there is anything.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::TooMany => "the server may redirect in a circle",
            Self::Ambiguous | Self::Unparsable(_) => "correct the server",
            Self::Scheme(_) => return None,
            Self::BodyNotReplayable => "give the body as bytes",
        })
    }
}

impl Error for RedirectError {}

/// Returns what follows a response to `method` from `url`: `None` when it is no redirect, or one without a `Location`.
///
/// # Errors
/// The `Location` cannot be followed. The limit on redirects is not checked here.
pub fn next_hop<B>(
    method: &Method,
    url: &Url,
    response: &Response<B>,
) -> Result<Option<NextHop>, RedirectError> {
    let status = response.status();
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = location(response.headers())? else {
        return Ok(None);
    };
    // What is not from HTTP is no redirect that could be followed; to resolve against it is more than a
    // debug build of the URL parser vouches for.
    if !matches!(url.scheme(), "http" | "https") {
        return Err(RedirectError::Scheme(url.scheme().to_owned()));
    }
    let mut target = url
        .join(&location)
        .map_err(|_| RedirectError::Unparsable(location))?;
    if !matches!(target.scheme(), "http" | "https") {
        return Err(RedirectError::Scheme(target.scheme().to_owned()));
    }
    if target.fragment().is_none() {
        target.set_fragment(url.fragment());
    }
    let becomes_get = match status {
        StatusCode::SEE_OTHER => *method != Method::GET && *method != Method::HEAD,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => *method == Method::POST,
        _ => false,
    };
    Ok(Some(NextHop {
        cross_origin: !same_origin(url, &target),
        url: target,
        method: if becomes_get {
            Method::GET
        } else {
            method.clone()
        },
        drops_body: becomes_get,
        permanent: matches!(status.as_u16(), 301 | 308),
    }))
}

/// The one `Location`; repeated with the same value it still is one. Bytes that are not UTF-8 are read as Latin-1.
fn location(headers: &HeaderMap) -> Result<Option<String>, RedirectError> {
    let mut values = headers.get_all(LOCATION).iter();
    let Some(first) = values.next() else {
        return Ok(None);
    };
    if values.any(|value| value != first) {
        return Err(RedirectError::Ambiguous);
    }
    let bytes = first.as_bytes();
    Ok(Some(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }))
}

#[cfg(test)]
mod tests;
