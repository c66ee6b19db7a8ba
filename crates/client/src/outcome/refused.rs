//! A response that opens nothing. In: its head, and the beginning of its body. Out: [`Refused`], and
//! when the server wants to be asked again.
//!
//! Next: `../policy.rs`.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{DATE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use wellspring_proto::{Failure, Response};

use crate::fetch::{FetchResponse, content_coding, essence, is_event_stream, without_credentials};

/// A response that is not an event stream: its status is not 200, its MIME type is not
/// `text/event-stream`, or its body has a content coding.
///
/// ```
/// fn report(refused: &wellspring::Refused) -> String {
///     let body = String::from_utf8_lossy(&refused.body);
///     format!("{} from {}: {body}", refused.status, refused.url)
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refused {
    /// The URL that answered, after redirects, without userinfo.
    pub url: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The beginning of the body: at most 16 KiB, and what came within 150 ms of
    /// the head.
    pub body: Bytes,
}

impl Refused {
    pub(crate) fn new(fetched: &FetchResponse) -> Self {
        Self {
            url: without_credentials(&fetched.url),
            status: fetched.response.status(),
            headers: fetched.response.headers().clone(),
            body: Bytes::new(),
        }
    }

    /// Returns why it opens nothing.
    #[must_use]
    pub fn failure(&self) -> Failure {
        // One without a reason is never made.
        verdict(self.status, &self.headers).unwrap_or(Failure::ContentType)
    }

    /// Returns the essence of its MIME type, if there is a valid one.
    #[must_use]
    pub fn content_type(&self) -> Option<String> {
        essence(&self.headers)
    }

    /// Returns the content coding of its body, if it has one that is not decoded here.
    #[must_use]
    pub fn content_coding(&self) -> Option<String> {
        content_coding(&self.headers)
    }

    /// Returns what `Retry-After` says, in seconds or as a date (RFC 9110, 10.2.3). A date counts from the
    /// response's own `Date`, so that the clock here need not be right.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let value = self.text(RETRY_AFTER)?;
        if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
            return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
        }
        let date = httpdate::parse_http_date(value).ok()?;
        let answered = self.text(DATE);
        let answered = answered.and_then(|date| httpdate::parse_http_date(date).ok());
        let now = answered.unwrap_or_else(SystemTime::now);
        Some(date.duration_since(now).unwrap_or_default())
    }

    fn text(&self, name: HeaderName) -> Option<&str> {
        let value = self.headers.get(name)?.to_str().ok()?;
        Some(value.trim_matches([' ', '\t']))
    }
}

/// Why a response with this head opens nothing; `None` when it does open.
pub(crate) fn verdict(status: StatusCode, headers: &HeaderMap) -> Option<Failure> {
    let response = Response {
        status: status.as_u16(),
        event_stream: is_event_stream(headers),
        coded: content_coding(headers).is_some(),
    };
    response.failure()
}

#[cfg(test)]
mod tests;
