//! In: what the event source wants to ask for. Out: [`FetchRequest`], and [`FetchResponse`] at the end of its redirects.
//! Next: `redirect.rs`.

use std::fmt;

use http::{HeaderMap, HeaderName, Method, Response, StatusCode};
use url::Url;

use super::LastEventIdHeader;
use super::cors::{Page, Taint};
use super::target::without_credentials;
use crate::transport::{Body, ConnectOptions};

/// One attempt of an event source, before its redirects.
///
/// ```
/// use wellspring::fetch::FetchRequest;
///
/// let mut request = FetchRequest::new("https://example.com/stream".parse()?);
/// request.last_event_id = "42".to_owned();
/// # Ok::<(), url::ParseError>(())
/// ```
#[non_exhaustive]
pub struct FetchRequest {
    /// `GET` unless changed.
    pub method: Method,
    /// Where this attempt starts. Userinfo in it becomes Basic authorization.
    pub url: Url,
    /// Whose credentials the headers carry, if not `url`'s: the event source's first URL, when a reconnection starts
    /// elsewhere. Credentials are sent to the origin of this URL only.
    pub credentials_url: Option<Url>,
    /// The user's headers; they replace ours of the same name. Values marked sensitive count as credentials.
    pub headers: HeaderMap,
    /// The page on whose behalf this is asked; none for a program that asks for itself, to which no CORS applies.
    pub page: Option<Page>,
    /// Where cookies come from and are kept; a page's by its credentials mode, a program's within the site of
    /// `credentials_url`. A `Cookie` among the headers takes their place.
    #[cfg(feature = "cookies")]
    pub cookie_jar: Option<crate::CookieJar>,
    /// How many times its size, and 1 MiB more, a compressed body may decode to; what each coding has, such as
    /// [`MAX_EXPANSION_GZIP`](super::MAX_EXPANSION_GZIP), when `None`.
    pub max_expansion: Option<u32>,
    /// Whether a compressed body comes as it was sent. Unless set, the features `gzip` and `br` decode it.
    pub keeps_content_coding: bool,
    /// What the URLs of earlier attempts have left.
    pub(crate) taint: Taint,
    /// Further headers that count as credentials, beside `Authorization`, `Cookie`, `Proxy-Authorization` and the sensitive.
    pub credential_headers: Vec<HeaderName>,
    /// Empty unless changed. A body that can be read once cannot follow a redirect that keeps it.
    pub body: Body,
    /// The last event ID string; not sent when empty or when no header can carry it.
    pub last_event_id: String,
    /// An extension of the request of each hop.
    pub connect_options: ConnectOptions,
}

impl FetchRequest {
    /// Creates a `GET` of `url` without headers of the user's.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            credentials_url: None,
            headers: HeaderMap::new(),
            page: None,
            max_expansion: None,
            keeps_content_coding: false,
            #[cfg(feature = "cookies")]
            cookie_jar: None,
            taint: Taint::default(),
            credential_headers: Vec::new(),
            body: Body::empty(),
            last_event_id: String::new(),
            connect_options: ConnectOptions::default(),
        }
    }

    /// Returns what becomes of the last event ID: a header, nothing, or an ID that no header can carry.
    #[must_use]
    pub fn last_event_id_header(&self) -> LastEventIdHeader {
        LastEventIdHeader::of(&self.last_event_id)
    }
}

impl fmt::Debug for FetchRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchRequest")
            .field("method", &self.method)
            .field("url", &without_credentials(&self.url))
            .field("last_event_id", &self.last_event_id)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// The response at the end of the redirects.
///
/// ```
/// use wellspring::fetch::FetchResponse;
///
/// fn origin_of_its_events(fetched: &FetchResponse) -> String {
///     wellspring::fetch::rules::serialize_origin(&fetched.url)
/// }
/// ```
#[non_exhaustive]
pub struct FetchResponse {
    /// The response, whatever its status.
    pub response: Response<Body>,
    /// The URL that answered.
    pub url: Url,
    /// The method it was asked with: redirects turn some into `GET`.
    pub method: Method,
    /// Whether redirects made a `GET` of another method, and dropped the body.
    pub became_get: bool,
    /// Why the last event ID was not sent, when it was not empty and no header could carry it.
    pub last_event_id_not_sent: Option<&'static str>,
    /// The redirects followed, in order.
    pub hops: Vec<Hop>,
    pub(crate) taint: Taint,
}

impl FetchResponse {
    /// Returns whether there were redirects and all of them were permanent (301 or 308), so that the last URL replaces the first.
    #[must_use]
    pub fn moved_permanently(&self) -> bool {
        !self.hops.is_empty() && self.hops.iter().all(Hop::is_permanent)
    }
}

/// Without headers, body and userinfo, which may be secret.
impl fmt::Debug for FetchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchResponse")
            .field("status", &self.response.status())
            .field("version", &self.response.version())
            .field("url", &without_credentials(&self.url))
            .field("method", &self.method)
            .field("hops", &self.hops)
            .finish_non_exhaustive()
    }
}

/// One redirect that was followed.
///
/// ```
/// use wellspring::fetch::Hop;
///
/// fn describe(hop: &Hop) -> String {
///     format!("{} to {}", hop.status, hop.url.path())
/// }
/// ```
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq)]
pub struct Hop {
    /// 301, 302, 303, 307 or 308.
    pub status: StatusCode,
    /// Where it led. There may be userinfo in it.
    pub url: Url,
}

/// Without userinfo, which may be secret.
impl fmt::Debug for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hop")
            .field("status", &self.status)
            .field("url", &without_credentials(&self.url))
            .finish()
    }
}

impl Hop {
    /// Returns whether the status was 301 or 308.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(
            self.status,
            StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT
        )
    }
}
