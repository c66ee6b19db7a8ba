//! Who may do what. In: requests, tokens, origins. Out: yes or no, and the headers that tell a browser.
//!
//! Next: `site.rs` asks.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    AUTHORIZATION, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use url::form_urlencoded;
use wellspring_server::RESUME_HEADER;

use crate::args::Token;
use crate::web::reply;

/// Whether the request brings the token as `Authorization: Bearer`.
pub(super) fn has_bearer<B>(request: &Request<B>, token: &Token) -> bool {
    const SCHEME: &[u8] = b"bearer ";
    let brought = request.headers().get_all(AUTHORIZATION).iter();
    let mut tokens = brought.filter_map(|value| {
        let (scheme, token) = value.as_bytes().split_at_checked(SCHEME.len())?;
        scheme.eq_ignore_ascii_case(SCHEME).then_some(token)
    });
    tokens.any(|brought| token.is(brought.trim_ascii()))
}

/// The same, or as the query parameter `token`: an event source in a browser sends no header of its
/// own.
pub(super) fn has_token<B>(request: &Request<B>, token: &Token) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    has_bearer(request, token)
        || parameters.any(|(name, value)| name == "token" && token.is(value.as_bytes()))
}

/// The answer to who does not have it.
pub(super) fn unauthorized(how: &'static str) -> Response<Full<Bytes>> {
    let mut response = reply::text(StatusCode::UNAUTHORIZED, how);
    let bearer = HeaderValue::from_static("Bearer realm=\"wellspring\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    response
}

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

    /// The answer to a browser that asks before it sends a request with headers or a method of its own.
    pub(super) fn preflight() -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        let fixed = HeaderValue::from_static;
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, fixed("GET, HEAD, POST"));
        let allowed = fixed("authorization, content-type, last-event-id");
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        headers.insert(ACCESS_CONTROL_MAX_AGE, fixed("3600"));
        response
    }

    /// Says in a response whether the origin may read it.
    pub(super) fn tell(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        if self.is_off() {
            return;
        }
        let fixed = HeaderValue::from_static;
        if self.origins.iter().any(|allowed| allowed == "*") {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, fixed("*"));
        } else {
            // What a cache keeps for one origin is not for another.
            headers.append(VARY, fixed("Origin"));
            let allowed = |origin: &&HeaderValue| self.origins.iter().any(|one| one == *origin);
            let Some(origin) = origin.filter(allowed) else {
                return;
            };
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, fixed("true"));
        }
        let resume = HeaderValue::from_name(RESUME_HEADER);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, resume);
    }
}
