//! Serves a tower service over HTTP. In: a listener and the service. Out: every answer; event streams at a
//! fraction of what they cost otherwise.
//!
//! Next: `serve/accept.rs` accepts, `serve/connection.rs` says what becomes of a connection.

mod accept;
mod chunk;
mod client;
mod connection;
mod connections;
mod gate;
mod handoff;
mod handshake;
mod head;
mod http1;
mod http2;
mod limits;
mod listener;
mod request;
mod response_head;
mod stream;

pub use handshake::{Handshake, WithHandshake};
pub use limits::ServeLimits;
pub use listener::Listener;
pub use request::{RequestBody, RequestBodyError};

use std::error::Error;
use std::fmt;
use std::future::{Future, IntoFuture, pending};
use std::io;
use std::pin::Pin;

use http::{Extensions, Request, Response};
use http_body::Body;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_service::Service;

use request::Tell;

/// Serves a tower service on a listener, until the program ends or
/// [`with_graceful_shutdown`](Serve::with_graceful_shutdown) says so. Stands where `axum::serve` stands, for
/// any service and any body.
///
/// Every response of the type `text/event-stream`, from whatever library and through whatever layers, is
/// taken over from hyper once its head is known: the connection then holds the body and its socket, no
/// buffers, and frames are written to the socket as they come. Everything else is hyper's: other responses,
/// keep-alive, bodies, upgrades, HTTP/2 by prior knowledge. An event stream stays with hyper too if it has a
/// `Content-Length`, if it answers a request whose body was not read to its end, and over HTTP/2.
///
/// | | on hyper | taken over |
/// |---|---|---|
/// | memory of a stream that waits | some 11 KiB, 22 after a storm of half-sent heads | under 1 KiB |
/// | for a client that does not read | up to 256 KiB | one frame |
/// | after the stream | the connection may be used again | the connection closes, and the head says so |
///
/// A client that goes away is noticed at once, even while there is nothing to send. What it sends after its
/// request is dropped, up to 64 KiB; a client that sends more is disconnected. A body that fails ends without its last
/// chunk, so that the client knows.
///
/// ```no_run
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// use std::convert::Infallible;
/// use std::task::{Context, Poll};
///
/// use http::{Request, Response};
/// use tokio::net::TcpListener;
/// use wellspring_server::{Channel, EventStream, RequestBody, Subscription};
///
/// #[derive(Clone)]
/// struct Events(Channel);
///
/// impl tower_service::Service<Request<RequestBody>> for Events {
///     type Response = Response<EventStream>;
///     type Error = Infallible;
///     type Future = std::future::Ready<Result<Self::Response, Infallible>>;
///
///     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
///         let response = match Subscription::from_request(&request) {
///             Ok(subscription) => self.0.subscribe(subscription).into_response(),
///             Err(_) => EventStream::refusal_response(http::StatusCode::BAD_REQUEST),
///         };
///         std::future::ready(Ok(response))
///     }
/// }
///
/// let listener = TcpListener::bind("127.0.0.1:8080").await?;
/// wellspring_server::serve(listener, Events(Channel::new())).await?;
/// # Ok(())
/// # }
/// ```
///
/// With axum: `wellspring_server::serve(listener, router).await`, for any `Router`. For its `ConnectInfo` see
/// [`with_extensions`](Serve::with_extensions).
pub fn serve<L, S>(listener: L, service: S) -> Serve<L, S>
where
    L: Listener,
{
    Serve {
        listener,
        service,
        limits: ServeLimits::default(),
        tell: None,
        stop: Box::pin(pending()),
    }
}

/// Serves once it is awaited. Made by [`serve`]. If it is dropped before it is done, it stops as after
/// [`with_graceful_shutdown`](Serve::with_graceful_shutdown), without waiting for open connections.
#[must_use = "nothing is served until this is awaited"]
pub struct Serve<L: Listener, S> {
    listener: L,
    service: S,
    limits: ServeLimits,
    tell: Option<Tell<L::Addr>>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl<L: Listener, S> Serve<L, S> {
    /// Stops accepting once `signal` is done. Connections close after what they are answering: event streams
    /// end when their bodies do, so [drain](crate::Channel::drain) or close their channels at the same time.
    /// `serve` is done when all have ended; await it with a timeout, since a client that does not read cannot
    /// be waited for.
    ///
    /// ```no_run
    /// # async fn f<S>(listener: tokio::net::TcpListener, app: S, channel: wellspring_server::Channel)
    /// # where
    /// #     S: tower_service::Service<
    /// #             http::Request<wellspring_server::RequestBody>,
    /// #             Response = http::Response<wellspring_server::EventStream>,
    /// #             Error = std::convert::Infallible,
    /// #         > + Clone + Send + 'static,
    /// #     S::Future: Send,
    /// # {
    /// use std::time::Duration;
    /// use wellspring_server::{Drain, serve};
    ///
    /// let serving = serve(listener, app).with_graceful_shutdown(async move {
    ///     let _ = tokio::signal::ctrl_c().await;
    ///     tokio::spawn(async move { channel.drain(Drain::over(Duration::from_secs(2))).await });
    /// });
    /// serving.await;
    /// # }
    /// ```
    pub fn with_graceful_shutdown(self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        let stop = Box::pin(signal);
        Self { stop, ..self }
    }

    /// Sets the limits on clients: see [`ServeLimits`].
    pub fn with_limits(self, limits: ServeLimits) -> Self {
        Self { limits, ..self }
    }

    /// Adds to the extensions of each request what `tell` makes of the client's address. axum's extractor
    /// `ConnectInfo<SocketAddr>` finds it by
    /// `with_extensions(|address, extensions| drop(extensions.insert(ConnectInfo(*address))))`.
    pub fn with_extensions(
        self,
        tell: impl Fn(&L::Addr, &mut Extensions) + Send + Sync + 'static,
    ) -> Self {
        let tell = Some(Tell::new(tell));
        Self { tell, ..self }
    }

    /// Begins each connection with a handshake, such as that of TLS. It runs in the connection's own
    /// task and counts for the [limits](ServeLimits) of the head that follows.
    ///
    /// With `tokio_rustls`, certificates that may change being held in `current`:
    ///
    /// ```ignore
    /// serve(listener, app).with_handshake(move |socket| current.acceptor().accept(socket))
    /// ```
    ///
    /// Let the acceptor offer `h2` and `http/1.1`: HTTP/2 is recognized by what the client sends first.
    pub fn with_handshake<F, Fut, T>(self, shake: F) -> Serve<WithHandshake<L, F>, S>
    where
        F: FnMut(L::Io) -> Fut + Send + 'static,
        Fut: Future<Output = io::Result<T>> + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let listener = WithHandshake {
            listener: self.listener,
            shake,
        };
        Serve {
            listener,
            service: self.service,
            limits: self.limits,
            tell: self.tell,
            stop: self.stop,
        }
    }

    /// Returns the address it listens on.
    ///
    /// # Errors
    /// Those of the listener.
    pub fn local_addr(&self) -> io::Result<L::Addr> {
        self.listener.local_addr()
    }
}

impl<L, S, B> IntoFuture for Serve<L, S>
where
    L: Listener,
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Output = io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (listener, service) = (self.listener, self.service);
            accept::serve(listener, service, self.limits, self.tell, self.stop).await;
            Ok(())
        })
    }
}

impl<L: Listener, S> fmt::Debug for Serve<L, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
