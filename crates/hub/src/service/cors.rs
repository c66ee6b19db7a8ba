//! Pages of other origins (Fetch Standard, 3.3). In: the origin of a request. Out: the headers that let its page
//! read the answer, or none; whether its page may publish with a cookie.
//!
//! Next: `credentials.rs`.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN,
    REFERER, VARY,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use url::Url;

/// What a page may send.
const REQUEST_HEADERS: &str =
    "authorization, cache-control, last-event-id, content-type, idempotency-key, if-none-match";
/// What a page may read.
const RESPONSE_HEADERS: &str =
    "Last-Event-ID, Mercure-Last-Event-ID, Wellspring-Resume, Link, ETag, Retry-After";

/// The answer to a browser that asks before it sends.
pub(super) fn preflight(methods: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let fixed = HeaderValue::from_static;
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, fixed(methods));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, fixed(REQUEST_HEADERS));
    headers.insert(ACCESS_CONTROL_MAX_AGE, fixed("3600"));
    response
}

/// Says in a response whether the origin may read it. `*` never comes with credentials.
pub(super) fn tell(allowed: &[String], origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
    if allowed.is_empty() {
        return;
    }
    let fixed = HeaderValue::from_static;
    // What a cache keeps for one origin is not for another.
    headers.append(VARY, fixed("Origin"));
    let Some(origin) = origin else {
        return;
    };
    let is_named = allowed.iter().any(|one| one == origin);
    if is_named {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, fixed("true"));
    } else if allowed.iter().any(|one| one == "*") {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, fixed("*"));
    } else {
        return;
    }
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, fixed(RESPONSE_HEADERS));
}

/// Whether the page that sent a request may publish with the cookie that came along: its origin, or else that
/// of the page it says it is, is on the list. A request that says neither may come from anywhere.
pub(super) fn may_publish(allowed: &[String], headers: &HeaderMap) -> bool {
    let origin = match (headers.get(ORIGIN), headers.get(REFERER)) {
        (Some(origin), _) => origin.to_str().ok().map(str::to_owned),
        (None, Some(referer)) => {
            let url = referer.to_str().ok().and_then(|text| Url::parse(text).ok());
            url.map(|url| url.origin().ascii_serialization())
        }
        (None, None) => None,
    };
    // "null" is the origin of every page without one.
    let origin = origin.filter(|origin| origin != "null");
    origin.is_some_and(|origin| allowed.contains(&origin))
}
