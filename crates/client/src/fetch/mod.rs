//! In: a request as the event source means it, and a [`Transport`]. Out: the response at the end of its redirects.
//!
//! What the Fetch, MIME Sniffing and URL standards ask of an event source, as far as a program without an origin of its
//! own needs it. The rules are pure functions, one file each; [`fetch`] strings them together.
//! Next: `request.rs`, `redirect.rs`, `headers.rs`, `credentials.rs`, `origin.rs`, `target.rs`, `mime.rs`,
//! `content_coding.rs`.

mod content_coding;
mod credentials;
mod error;
mod headers;
mod mime;
mod origin;
mod redirect;
mod request;
mod target;

use std::sync::Arc;

use http::{HeaderMap, Method, Request, StatusCode};
use url::Url;

pub use self::content_coding::content_coding;
pub use self::error::{FetchError, FetchErrorKind};
pub(crate) use self::headers::remove_body_headers;
pub use self::headers::{LAST_EVENT_ID, LastEventIdHeader};
pub use self::mime::{essence, is_event_stream};
pub use self::origin::{same_origin, serialize_origin};
pub use self::redirect::{MAX_REDIRECTS, NextHop, RedirectError, next_hop};
pub use self::request::{FetchRequest, FetchResponse, Hop};
pub(crate) use self::target::without_credentials;

use self::credentials::Credentials;
use crate::transport::{Body, Transport};

/// Sends `request` and follows up to [`MAX_REDIRECTS`] redirects, each over `transport` as a hop of its own.
///
/// A response that is not a redirect is returned whatever its status; so is a redirect without a `Location`.
/// Dropping the future cancels the hop under way; bodies of redirects are dropped unread.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # use futures_core::future::BoxFuture;
/// # use wellspring::transport::{Body, Transport, TransportError};
/// # struct Canned;
/// # impl Transport for Canned {
/// #     fn send(&self, _: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
/// #         Box::pin(std::future::ready(Ok(http::Response::new(Body::empty()))))
/// #     }
/// # }
/// use std::sync::Arc;
/// use wellspring::fetch::{FetchRequest, fetch};
///
/// let url = "https://example.com/stream".parse().unwrap();
/// let fetched = fetch(Arc::new(Canned), FetchRequest::new(url)).await.unwrap();
/// assert_eq!(fetched.url.as_str(), "https://example.com/stream");
/// # });
/// ```
///
/// # Errors
/// The request cannot be built, a hop fails, or a redirect cannot be followed; see [`FetchErrorKind`].
pub async fn fetch(
    transport: Arc<dyn Transport>,
    request: FetchRequest,
) -> Result<FetchResponse, FetchError> {
    let not_sent = request.last_event_id_header().reason_not_sent();
    let mut hops = Hops::new(request)?;
    loop {
        let hop = hops.request()?;
        let sent = transport.send(hop).await;
        let response =
            sent.map_err(|error| FetchError::new(&hops.url, FetchErrorKind::Transport(error)))?;
        let followed = match next_hop(&hops.method, &hops.url, &response) {
            Ok(None) => {
                return Ok(FetchResponse {
                    response,
                    url: hops.url,
                    method: hops.method,
                    became_get: hops.became_get,
                    last_event_id_not_sent: not_sent,
                    hops: hops.followed,
                });
            }
            Ok(Some(next)) => hops.follow(next, response.status()),
            Err(error) => Err(error),
        };
        followed.map_err(|error| FetchError::new(&hops.url, FetchErrorKind::Redirect(error)))?;
    }
}

/// A fetch between two of its hops.
struct Hops {
    url: Url,
    method: Method,
    headers: HeaderMap,
    credentials: Credentials,
    /// `None` once a body that cannot be sent twice has been sent.
    body: Option<Body>,
    became_get: bool,
    followed: Vec<Hop>,
}

impl Hops {
    fn new(request: FetchRequest) -> Result<Self, FetchError> {
        if !matches!(request.url.scheme(), "http" | "https") {
            return Err(FetchError::new(&request.url, FetchErrorKind::Scheme));
        }
        let mut headers = headers::assemble(request.headers, &request.last_event_id);
        let home = request.credentials_url.as_ref().unwrap_or(&request.url);
        let credentials = Credentials::split_off(&mut headers, home, &request.credential_headers);
        Ok(Self {
            url: request.url,
            method: request.method,
            headers,
            credentials,
            body: Some(request.body),
            became_get: false,
            followed: Vec::new(),
        })
    }

    fn request(&mut self) -> Result<Request<Body>, FetchError> {
        let uri = target::uri(&self.url)
            .map_err(|reason| FetchError::new(&self.url, FetchErrorKind::InvalidUrl(reason)))?;
        let again = self.body.as_ref().and_then(Body::try_clone);
        let body = std::mem::replace(&mut self.body, again);
        let mut request = Request::new(body.unwrap_or_default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        self.credentials.apply(request.headers_mut(), &self.url);
        Ok(request)
    }

    fn follow(&mut self, next: NextHop, status: StatusCode) -> Result<(), RedirectError> {
        if self.followed.len() == MAX_REDIRECTS {
            return Err(RedirectError::TooMany);
        }
        if next.drops_body {
            self.became_get = true;
            self.body = Some(Body::empty());
            headers::remove_body_headers(&mut self.headers);
        } else if self.body.is_none() {
            return Err(RedirectError::BodyNotReplayable);
        }
        self.followed.push(Hop {
            status,
            url: next.url.clone(),
        });
        self.url = next.url;
        self.method = next.method;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
