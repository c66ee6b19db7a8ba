//! Short answers. In: a status, a text or a document; a refusal. Out: a response.
//!
//! Next: `cors.rs` adds what pages of other origins need.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use url::Url;

use crate::dialect_08::METADATA_PATH;
use crate::refusal::{Challenge, Refusal};

const PLAIN: &str = "text/plain; charset=utf-8";

/// A response with a text for people.
pub(super) fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<Bytes> {
    with_type(status, PLAIN, text)
}

/// A response with something for programs, which changes from one request to the next.
pub(super) fn with_type(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to a method that is not there.
pub(super) fn only(methods: &'static str) -> Response<Bytes> {
    let (others, last) = methods.rsplit_once(", ").unwrap_or(("", methods));
    let says = format!("Only {others} and {last} here.\n");
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, says);
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(methods));
    response
}

/// The answer to a request that is refused.
pub(super) fn refuse(refusal: &Refusal, hub: &Url) -> Response<Bytes> {
    let mut response = text(refusal.status(), format!("{refusal}\n"));
    let headers = response.headers_mut();
    if let Some(challenge) = refusal.challenge()
        && let Ok(value) = HeaderValue::try_from(in_header(challenge, hub))
    {
        headers.insert(WWW_AUTHENTICATE, value);
    }
    if let Some(wait) = refusal.retry_after() {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    response
}

/// RFC 6750, 3, with where to find out how to get a token (RFC 9728, 5.1).
fn in_header(challenge: Challenge, hub: &Url) -> String {
    let mut metadata = hub.clone();
    metadata.set_path(&format!("{METADATA_PATH}{}", hub.path()));
    match challenge {
        Challenge::Missing => format!("Bearer resource_metadata=\"{metadata}\""),
        Challenge::Error(error) => {
            format!("Bearer error=\"{error}\", resource_metadata=\"{metadata}\"")
        }
    }
}
