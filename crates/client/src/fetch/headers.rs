//! In: the user's headers and the last event ID. Out: the headers every hop carries (HTML, section 9.2.2, steps 10 and 11;
//! section 9.2.3, step 5.3).
//! Next: `credentials.rs`.

use super::content_coding::ACCEPTED;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_LOCATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, PRAGMA, USER_AGENT,
};

/// The request header that says where to resume.
pub const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The longest last event ID that is sent, in bytes of UTF-8. Servers refuse requests with much longer heads.
const MAX_LAST_EVENT_ID: usize = 4096;

/// What becomes of a last event ID in a request.
///
/// ```
/// use wellspring::fetch::rules::LastEventIdHeader;
///
/// let LastEventIdHeader::Value(value) = LastEventIdHeader::of("é") else { unreachable!() };
/// assert_eq!(value.as_bytes(), b"\xC3\xA9");
/// assert_eq!(LastEventIdHeader::of(""), LastEventIdHeader::Empty);
/// assert!(matches!(LastEventIdHeader::of("a\u{1}"), LastEventIdHeader::Untransportable(_)));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastEventIdHeader {
    /// The ID is empty: no header is sent.
    Empty,
    /// The header's value, the ID's bytes in UTF-8.
    Value(HeaderValue),
    /// No header can carry the ID unchanged, so none is sent; the text says why.
    Untransportable(&'static str),
}

impl LastEventIdHeader {
    /// Decides for `id`.
    #[must_use]
    pub fn of(id: &str) -> Self {
        if id.is_empty() {
            return Self::Empty;
        }
        if id.len() > MAX_LAST_EVENT_ID {
            return Self::Untransportable("the last event ID is longer than 4096 bytes");
        }
        if id.starts_with([' ', '\t']) || id.ends_with([' ', '\t']) {
            return Self::Untransportable("the last event ID begins or ends with white space");
        }
        match HeaderValue::from_bytes(id.as_bytes()) {
            Ok(value) => Self::Value(value),
            Err(_) => Self::Untransportable("the last event ID contains a control character"),
        }
    }

    /// Returns why an ID that is not empty is not sent.
    #[must_use]
    pub fn reason_not_sent(&self) -> Option<&'static str> {
        match self {
            Self::Untransportable(reason) => Some(reason),
            Self::Empty | Self::Value(_) => None,
        }
    }
}

/// The user's headers, ours where the user has none of the name, and the last event ID.
pub(super) fn assemble(mut headers: HeaderMap, last_event_id: &str) -> HeaderMap {
    let ours = [
        (ACCEPT, "text/event-stream"),
        (ACCEPT_ENCODING, ACCEPTED),
        (CACHE_CONTROL, "no-cache"),
        (PRAGMA, "no-cache"),
        (
            USER_AGENT,
            concat!("wellspring/", env!("CARGO_PKG_VERSION")),
        ),
    ];
    for (name, value) in ours {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if let LastEventIdHeader::Value(value) = LastEventIdHeader::of(last_event_id) {
        headers.insert(LAST_EVENT_ID, value);
    }
    headers
}

/// What Fetch calls the request-body-header names, and the length.
pub(crate) fn remove_body_headers(headers: &mut HeaderMap) {
    for name in [
        CONTENT_ENCODING,
        CONTENT_LANGUAGE,
        CONTENT_LENGTH,
        CONTENT_LOCATION,
        CONTENT_TYPE,
    ] {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests;
