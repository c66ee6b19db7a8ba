//! In: a request as the event source means it, and a [`Transport`]. Out: the response at the end of its redirects.
//!
//! What the Fetch, MIME Sniffing and URL standards ask of an event source, for a program that asks for itself and for a
//! [`Page`]. The rules are pure functions, one file each; [`fetch`] strings them together.
//! Next: `request.rs`, `hops.rs`, `redirect.rs`, `headers.rs`, `credentials.rs`, `origin.rs`, `cors.rs`, `target.rs`,
//! `mime.rs`, `content_coding.rs`.

mod bad_port;
mod content_coding;
#[cfg(feature = "cookies")]
pub(crate) mod cookies;
mod cors;
mod credentials;
mod error;
mod headers;
mod hops;
mod mime;
mod origin;
mod redirect;
mod request;
mod target;

use std::sync::Arc;

pub use self::content_coding::{MAX_EXPANSION_BR, MAX_EXPANSION_GZIP};
pub(crate) use self::content_coding::{content_coding, unknown_content_coding};
pub use self::cors::{CorsError, CredentialsMode, Page};
pub(crate) use self::cors::{Taint, preflight_reason};
pub use self::error::{FetchError, FetchErrorKind};
pub(crate) use self::headers::{LAST_EVENT_ID, LastEventIdHeader, remove_body_headers};
pub(crate) use self::mime::{essence, is_event_stream};
pub(crate) use self::origin::parse_origin;
pub(crate) use self::origin::{same_origin, serialize_origin};
pub use self::redirect::{MAX_REDIRECTS, RedirectError};
pub use self::request::{FetchRequest, FetchResponse, Hop};
pub(crate) use self::target::without_credentials;

/// The rules one by one, for this project's own tests and program. Not part of the interface: they may change in any
/// version.
#[doc(hidden)]
pub mod rules {
    pub use super::content_coding::{content_coding, unknown_content_coding};
    pub use super::headers::{LAST_EVENT_ID, LastEventIdHeader};
    pub use super::mime::{essence, is_event_stream};
    pub use super::origin::{same_origin, serialize_origin};
    pub use super::redirect::{NextHop, next_hop};
}

use self::hops::Hops;
use crate::transport::Transport;

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
    let mut hops = Hops::new(request)?;
    loop {
        let sent = transport.send(hops.request()?).await;
        let response = sent.map_err(|error| hops.error(FetchErrorKind::Transport(error)))?;
        match hops.receive(&response)? {
            Some(next) => hops.follow(next, response.status())?,
            None => return Ok(hops.finish(response)),
        }
    }
}

#[cfg(test)]
mod tests;
