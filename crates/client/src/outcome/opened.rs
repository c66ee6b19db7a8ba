//! A connection that is open: what a program is shown of it. In: what was kept of the response. Out: [`Opened`].
//!
//! Next: `opening.rs`, where it is kept.

use std::fmt;

use http::{HeaderMap, Method, StatusCode, Version};
use url::Url;

use crate::fetch::{Hop, without_credentials};

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
    /// Why the last event ID was not sent, when it was not empty and no header could carry it.
    pub last_event_id_not_sent: Option<&'static str>,
    /// The first word of `Content-Encoding` that names no registered coding, such as `none`, in lower case. The body
    /// is read as if the word were absent.
    pub unknown_coding: Option<String>,
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
