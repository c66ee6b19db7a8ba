//! In: an HTTP request. Out: its response, after exactly one hop: no redirects, no retries, no cookies.
//!
//! [`Transport`] is the whole interface. `HttpTransport` is the default (feature `http-transport`): HTTP/1.1 and HTTP/2
//! over TCP and TLS. `TowerTransport` (feature `tower`) adapts what others made, and the crate `wellspring-reqwest` clients of reqwest.
//! Next: `error.rs`, `body.rs`, `options.rs`, `proxy.rs`, then `http_transport.rs`, which composes `queue.rs`, `dial.rs`,
//! `http1.rs` and `http2.rs`, over `wrapped.rs` and `paced.rs`; `tower.rs`.

pub(crate) mod basic_auth;
mod body;
#[cfg(feature = "http-transport")]
mod connect;
mod connect_options;
#[cfg(feature = "http-transport")]
mod dial;
mod error;
#[cfg(feature = "http-transport")]
mod head;
#[cfg(feature = "http-transport")]
mod http1;
#[cfg(feature = "http-transport")]
mod http2;
#[cfg(feature = "http-transport")]
mod http_transport;
#[cfg(feature = "http-transport")]
mod interim;
#[cfg_attr(not(feature = "http-transport"), allow(dead_code))]
mod lent;
#[cfg_attr(not(feature = "http-transport"), allow(dead_code))]
mod localhost;
#[cfg(feature = "http-transport")]
mod options;
#[cfg(feature = "http-transport")]
mod paced;
mod proxy;
#[cfg(feature = "http-transport")]
mod queue;
mod shared;
mod streamed;
mod tcp_keep_alive;
#[cfg(feature = "http-transport")]
mod tls;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "http-transport")]
mod wrapped;

use futures_core::future::BoxFuture;

pub use self::body::Body;
pub use self::connect_options::{ConnectOptions, QueuePosition};
pub use self::error::{TransportError, TransportErrorKind};
pub(crate) use self::error::{chain, shortened};
#[cfg(feature = "http-transport")]
pub use self::head::{MAX_RESPONSE_HEAD, MAX_RESPONSE_HEADERS};
#[cfg(feature = "http-transport")]
pub use self::http_transport::HttpTransport;
pub(crate) use self::lent::Piece;
#[cfg(feature = "http-transport")]
pub use self::options::TransportOptions;
pub use self::proxy::{Proxy, Route};
pub(crate) use self::shared::default_transport;
pub use self::tcp_keep_alive::TcpKeepAlive;
#[cfg(feature = "tower")]
pub use self::tower::TowerTransport;

/// Sends one request and returns its response, one hop and no more.
///
/// The request's URI is absolute and carries neither userinfo nor a fragment. The future resolves when the response's
/// head is there, 1xx responses skipped; the body then streams. Dropping the future, or the response's body, cancels
/// the request at once. A body that ends before it is complete must yield an error, never a clean end.
///
/// ```
/// use futures_core::future::BoxFuture;
/// use wellspring::transport::{Body, Transport, TransportError};
///
/// /// Answers every request itself.
/// struct Canned;
///
/// impl Transport for Canned {
///     fn send(
///         &self,
///         _request: http::Request<Body>,
///     ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
///         let response = http::Response::new(Body::from("data: hello\n\n"));
///         Box::pin(std::future::ready(Ok(response)))
///     }
/// }
///
/// let transport: Box<dyn Transport> = Box::new(Canned);
/// # let _ = transport;
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Starts one request. Nothing happens before the future is polled.
    ///
    /// # Errors
    /// Whatever keeps the response's head from arriving; see [`TransportErrorKind`].
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>>;

    /// Whether it goes the way that [`ConnectOptions::route`] says: through a proxy, past it, or to a Unix domain socket.
    /// A source with a way of its own is not [built](crate::EventSourceBuilder::build) over a transport that goes its own:
    /// what is meant for a proxy would leave without one. A transport that wraps another passes the question on.
    fn honors_route(&self) -> bool {
        false
    }
}

#[cfg(feature = "http-transport")]
#[cfg(test)]
mod tests;
