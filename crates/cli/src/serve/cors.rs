//! What pages of other origins may do. In: requests, and the origins that are allowed. Out: the headers that
//! tell a browser.
//!
//! Next: `site.rs` asks.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use wellspring_server::RESUME_HEADER;

use crate::web::reply;

/// The longest list of header names that a preflight may ask for, in bytes. Browsers ask for the headers of
/// one request, by name only.
const LONGEST_LIST: usize = 2048;

/// The origins whose pages may read, beside our own.
#[derive(Debug)]
pub(super) struct Cors {
    origins: Vec<String>,
}

impl Cors {
    pub(super) fn new(origins: Vec<String>) -> Self {
        Self { origins }
    }

    pub(super) fn is_off(&self) -> bool {
        self.origins.is_empty()
    }

    /// The answer to a browser that asks before it sends a request with headers or a method of its own:
    /// whatever headers it asks for, since none but `Authorization` and `Last-Event-ID` mean anything here.
    pub(super) fn preflight<B>(
        &self,
        request: &Request<B>,
        methods: &'static str,
    ) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        let fixed = HeaderValue::from_static;
        headers.insert(VARY, fixed("Access-Control-Request-Headers"));
        if self.allowed(request.headers().get(ORIGIN)).is_none() {
            return response;
        }
        match asked(request.headers()) {
            Ok(None) => {}
            Ok(Some(names)) => {
                headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names);
            }
            Err(says) => return reply::text(StatusCode::BAD_REQUEST, says),
        }
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, fixed(methods));
        headers.insert(ACCESS_CONTROL_MAX_AGE, fixed("3600"));
        response
    }

    /// Says in a response whether the origin may read it.
    pub(super) fn tell(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        if self.is_off() {
            return;
        }
        let fixed = HeaderValue::from_static;
        if !self.are_all() {
            // What a cache keeps for one origin is not for another.
            headers.append(VARY, fixed("Origin"));
        }
        let Some(origin) = self.allowed(origin) else {
            return;
        };
        if !self.are_all() {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, fixed("true"));
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let resume = HeaderValue::from_name(RESUME_HEADER);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, resume);
    }

    /// The value of `Access-Control-Allow-Origin` for this origin, if it may read.
    fn allowed(&self, origin: Option<&HeaderValue>) -> Option<HeaderValue> {
        if self.are_all() {
            return Some(HeaderValue::from_static("*"));
        }
        let is_named = |origin: &&HeaderValue| self.origins.iter().any(|one| one == *origin);
        origin.filter(is_named).cloned()
    }

    fn are_all(&self) -> bool {
        self.origins.iter().any(|allowed| allowed == "*")
    }
}

/// The headers that a preflight asks for, as a list of legal names in lower case.
fn asked(headers: &HeaderMap) -> Result<Option<HeaderValue>, &'static str> {
    let says =
        "Access-Control-Request-Headers is not a list of header names of at most 2048 bytes.\n";
    let mut list = String::new();
    for line in headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
        if line.len() > LONGEST_LIST {
            return Err(says);
        }
        let names = line.as_bytes().split(|byte| *byte == b',');
        for name in names
            .map(<[u8]>::trim_ascii)
            .filter(|name| !name.is_empty())
        {
            let name = HeaderName::from_bytes(name).map_err(|_| says)?;
            if list.len() + name.as_str().len() + 2 > LONGEST_LIST {
                return Err(says);
            }
            if !list.is_empty() {
                list.push_str(", ");
            }
            list.push_str(name.as_str());
        }
    }
    if list.is_empty() {
        return Ok(None);
    }
    HeaderValue::try_from(list).map(Some).map_err(|_| says)
}
