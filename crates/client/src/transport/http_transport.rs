//! In: a request. Out: its response, over the connection its endpoint calls for.
//! Next: `queue.rs`, `dial.rs`, `http1.rs`, `http2.rs`.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, OnceLock};

use futures_core::future::BoxFuture;
use http::{Request, Response};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::connect::Endpoint;
use super::dial::dial;
use super::http2::{self, Carrier, Dialled, Pool};
use super::proxy::Environment;
use super::queue::{Permit, Queues};
use super::tls::Tls;
use super::{
    Body, ConnectOptions, Route, Transport, TransportError, TransportErrorKind, TransportOptions,
    http1,
};

/// How often a request that servers refuse before looking at it (`REFUSED_STREAM`, `GOAWAY`) is sent.
const ATTEMPTS: usize = 4;

/// The default transport: HTTP/1.1, one connection a request, and HTTP/2, connections shared.
///
/// Over TLS the server chooses between the two (ALPN); in the clear HTTP/2 is spoken only with
/// [prior knowledge](TransportOptions::http2_prior_knowledge). Clones share their connections.
/// A connection is closed when its last response is dropped. Needs a tokio runtime with its I/O and time drivers.
///
/// ```
/// use wellspring::transport::HttpTransport;
///
/// let transport = HttpTransport::default();
/// # let _ = transport;
/// ```
#[derive(Clone)]
pub struct HttpTransport {
    shared: Arc<Shared>,
}

struct Shared {
    options: TransportOptions,
    tls: Tls,
    pool: Pool,
    queues: Queues,
    environment: Environment,
}

impl HttpTransport {
    /// A transport with `options`. Certificates are parsed here; roots are loaded at the first `https` request.
    ///
    /// # Errors
    /// [`TransportErrorKind::InvalidRequest`] when a PEM text in the options holds no certificate or key.
    pub fn new(options: TransportOptions) -> Result<Self, TransportError> {
        let tls = Tls::new(&options)?;
        let pool = Pool::new(options.connect_timeout, options.http2_keep_alive);
        Ok(Self {
            shared: Arc::new(Shared {
                options,
                tls,
                pool,
                queues: Queues::default(),
                environment: Environment::read(|name| std::env::var(name).ok()),
            }),
        })
    }
}

impl HttpTransport {
    /// Returns the transport of the sources that are given none: one for the process, with the default options. A
    /// transport that wraps it shares its connections with theirs.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use futures_core::future::BoxFuture;
    /// use wellspring::EventSource;
    /// use wellspring::transport::{Body, HttpTransport, Transport, TransportError};
    ///
    /// /// Says what it is asked for.
    /// struct Telling(Arc<HttpTransport>);
    ///
    /// impl Transport for Telling {
    ///     fn send(
    ///         &self,
    ///         request: http::Request<Body>,
    ///     ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
    ///         println!("{} {}", request.method(), request.uri());
    ///         self.0.send(request)
    ///     }
    ///
    ///     fn honors_route(&self) -> bool {
    ///         self.0.honors_route()
    ///     }
    /// }
    ///
    /// let source = EventSource::builder("https://example.com/stream")
    ///     .transport(Telling(HttpTransport::shared()))
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    #[must_use]
    pub fn shared() -> Arc<Self> {
        static SHARED: OnceLock<Arc<HttpTransport>> = OnceLock::new();
        Arc::clone(SHARED.get_or_init(Arc::default))
    }
}

impl Default for HttpTransport {
    fn default() -> Self {
        Self::new(TransportOptions::new())
            .expect("the default options carry no PEM text to fail on")
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        Box::pin(self.shared.clone().send(request))
    }

    fn honors_route(&self) -> bool {
        true
    }
}

impl Shared {
    async fn send(
        self: Arc<Self>,
        mut request: Request<Body>,
    ) -> Result<Response<Body>, TransportError> {
        let options = request.extensions_mut().remove::<ConnectOptions>();
        let options = options.unwrap_or_default();
        let mut endpoint = Endpoint::of(request.uri())?;
        endpoint.route = self.route(&endpoint, &options)?;
        let hop = Hop {
            endpoint,
            options,
            shared: &self,
        };
        if Handle::try_current().is_err() {
            let detail = "the default transport needs a tokio runtime to run in";
            return Err(hop.error(TransportErrorKind::Unsupported, detail));
        }
        if !self.may_be_http2(&hop.endpoint) {
            let permit = hop.permit().await;
            let dialled = hop.dial().await?;
            return http1::send(dialled.io, permit, request, &hop.endpoint).await;
        }
        let (parts, body) = request.into_parts();
        let mut body = Some(body);
        let mut attempt = 1;
        loop {
            let again = body.as_ref().and_then(Body::try_clone);
            let request = Request::from_parts(parts.clone(), body.take().unwrap_or_default());
            let permit = hop.permit().await;
            let failed = match hop.carrier().await? {
                Carrier::Http1(io) => return http1::send(io, permit, request, &hop.endpoint).await,
                Carrier::Http2(room) => {
                    drop(permit);
                    match http2::send(room, request).await {
                        Ok(response) => return Ok(response),
                        Err(failed) => failed,
                    }
                }
            };
            if !failed.refused || again.is_none() || attempt == ATTEMPTS {
                return Err(failed.error);
            }
            body = again;
            attempt += 1;
        }
    }

    /// What the source says, or else the transport, or else the environment.
    fn route(
        &self,
        endpoint: &Endpoint,
        options: &ConnectOptions,
    ) -> Result<Route, TransportError> {
        let said = options.route.as_ref().or(self.options.route.as_ref());
        let route = match said {
            Some(route) => route.clone(),
            None => self.environment.route(endpoint)?,
        };
        Ok(match route {
            Route::Proxy(proxy) if proxy.passes_by(&endpoint.host, endpoint.port) => Route::Direct,
            route => route,
        })
    }

    fn may_be_http2(&self, endpoint: &Endpoint) -> bool {
        self.options.http2_prior_knowledge || (endpoint.tls && self.options.http2)
    }
}

/// One request on its way to a connection.
struct Hop<'a> {
    shared: &'a Shared,
    endpoint: Endpoint,
    options: ConnectOptions,
}

impl Hop<'_> {
    /// Waits for leave to hold an HTTP/1.1 connection, where that takes leave.
    async fn permit(&self) -> Option<Permit> {
        let limit = self.options.http1_connections?;
        if self.shared.options.http2_prior_knowledge {
            return None;
        }
        let queues = &self.shared.queues;
        let permit = queues.permit(&self.endpoint, limit, &self.options.queue_position);
        Some(permit.await)
    }

    /// Room on a shared connection, or a connection of its own; also when another request dials, within the connect
    /// timeout.
    async fn carrier(&self) -> Result<Carrier, TransportError> {
        let pool = &self.shared.pool;
        self.in_time(Box::pin(pool.carrier(&self.endpoint, || self.dial())))
            .await
    }

    /// Resolves, connects and shakes hands, all within the connect timeout.
    async fn dial(&self) -> Result<Dialled, TransportError> {
        let http2 = self.shared.options.http2_prior_knowledge;
        let standing = self.shared.options.tcp_keep_alive;
        let keep_alive = self.options.tcp_keep_alive.unwrap_or(standing);
        self.in_time(dial(&self.shared.tls, &self.endpoint, http2, keep_alive))
            .await
    }

    async fn in_time<T>(
        &self,
        connecting: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        let standing = self.shared.options.connect_timeout;
        let limit = self.options.connect_timeout.unwrap_or(standing);
        match timeout(limit, connecting).await {
            Ok(done) => done,
            Err(_) => {
                let detail = format!("no connection within {limit:?}");
                Err(self.error(TransportErrorKind::ConnectTimeout, &detail))
            }
        }
    }

    fn error(&self, kind: TransportErrorKind, detail: &str) -> TransportError {
        TransportError::new(kind, &self.endpoint.place(), detail)
    }
}
