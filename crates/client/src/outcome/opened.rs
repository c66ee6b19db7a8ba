//! A connection that is open. In: the response. Out: [`Opened`], what a program is shown of it.
//!
//! Next: `reconnecting.rs`.

use std::fmt;

use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use url::Url;

use crate::fetch::{
    FetchResponse, Hop, Taint, serialize_origin, unknown_content_coding, without_credentials,
};

/// The response that opened a connection.
///
/// ```
/// fn origin_of_events(opened: &wellspring::Opened) -> &str {
///     &opened.origin
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Opened {
    /// Always 200.
    pub status: StatusCode,
    /// HTTP/1.1 or HTTP/2.
    pub version: Version,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// The URL that answered, after redirects.
    pub url: Url,
    /// The method it answered: redirects turn some into `GET`.
    pub method: Method,
    /// Its origin, serialized: the `origin` of the events of this connection.
    pub origin: String,
    /// The redirects that led there.
    pub hops: Vec<Hop>,
    pub(crate) became_get: bool,
    pub(crate) taint: Taint,
    /// Why the last event ID was not sent, when it was not empty and no header could carry it.
    pub last_event_id_not_sent: Option<&'static str>,
    /// The first word of `Content-Encoding` that names no registered coding, such as `none`, in lower case. The body
    /// is read as if the word were absent.
    pub unknown_coding: Option<String>,
}

impl Opened {
    pub(crate) fn new(fetched: &FetchResponse) -> Self {
        Self {
            status: fetched.response.status(),
            version: fetched.response.version(),
            headers: copied(fetched.response.headers()),
            url: fetched.url.clone(),
            method: fetched.method.clone(),
            origin: serialize_origin(&fetched.url),
            hops: fetched.hops.clone(),
            became_get: fetched.became_get,
            taint: fetched.taint,
            last_event_id_not_sent: fetched.last_event_id_not_sent,
            unknown_coding: unknown_content_coding(fetched.response.headers()),
        }
    }
}

impl Opened {
    pub(crate) fn moved_permanently(&self) -> bool {
        !self.hops.is_empty() && self.hops.iter().all(Hop::is_permanent)
    }
}

/// Values that are a copy each: those of the response are slices of the buffer it was read into, and
/// would keep its 8 KiB for as long as the source is open.
fn copied(headers: &HeaderMap) -> HeaderMap {
    let mut copies = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        if let Ok(mut copy) = HeaderValue::from_bytes(value.as_bytes()) {
            copy.set_sensitive(value.is_sensitive());
            copies.append(name.clone(), copy);
        }
    }
    copies
}

/// Without headers and userinfo, which may be secret.
impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("url", &without_credentials(&self.url))
            .field("origin", &self.origin)
            .field("hops", &self.hops.len())
            .field("last_event_id_not_sent", &self.last_event_id_not_sent)
            .field("unknown_coding", &self.unknown_coding)
            .finish_non_exhaustive()
    }
}
