//! In: a request. Out: its response, over the connection its endpoint calls for.
//! Next: `connect.rs`, `tls.rs`, `http1.rs`, `http2.rs`.

use std::fmt;
use std::sync::Arc;

use futures_core::future::BoxFuture;
use http::{Request, Response};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::connect::{self, Endpoint, Io};
use super::http2::{self, Dialled, Pool, Route};
use super::tls::Tls;
use super::{Body, Transport, TransportError, TransportErrorKind, TransportOptions, http1};

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
            shared: Arc::new(Shared { options, tls, pool }),
        })
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
}

impl Shared {
    async fn send(
        self: Arc<Self>,
        request: Request<Body>,
    ) -> Result<Response<Body>, TransportError> {
        let endpoint = Endpoint::of(request.uri())?;
        let place = endpoint.place();
        if Handle::try_current().is_err() {
            let detail = "the default transport needs a tokio runtime to run in";
            return Err(TransportError::new(
                TransportErrorKind::Unsupported,
                &place,
                detail,
            ));
        }
        if !self.may_be_http2(&endpoint) {
            let dialled = self.dial(&endpoint, &place).await?;
            return http1::send(dialled.io, request, &place).await;
        }
        let (parts, body) = request.into_parts();
        let mut body = Some(body);
        let mut attempt = 1;
        loop {
            let again = body.as_ref().and_then(Body::try_clone);
            let request = Request::from_parts(parts.clone(), body.take().unwrap_or_default());
            let failed = match self
                .pool
                .route(&endpoint, || self.dial(&endpoint, &place))
                .await?
            {
                Route::Http1(io) => return http1::send(io, request, &place).await,
                Route::Http2(room) => match http2::send(room, request).await {
                    Ok(response) => return Ok(response),
                    Err(failed) => failed,
                },
            };
            if !failed.refused || again.is_none() || attempt == ATTEMPTS {
                return Err(failed.error);
            }
            body = again;
            attempt += 1;
        }
    }

    fn may_be_http2(&self, endpoint: &Endpoint) -> bool {
        self.options.http2_prior_knowledge || (endpoint.tls && self.options.http2)
    }

    /// Resolves, connects and shakes hands, all within the connect timeout.
    async fn dial(&self, endpoint: &Endpoint, place: &str) -> Result<Dialled, TransportError> {
        let limit = self.options.connect_timeout;
        match timeout(limit, self.dial_for_ever(endpoint, place)).await {
            Ok(dialled) => dialled,
            Err(_) => {
                let detail = format!("no connection within {limit:?}");
                Err(TransportError::new(
                    TransportErrorKind::ConnectTimeout,
                    place,
                    &detail,
                ))
            }
        }
    }

    async fn dial_for_ever(
        &self,
        endpoint: &Endpoint,
        place: &str,
    ) -> Result<Dialled, TransportError> {
        let socket = connect::connect(endpoint).await?;
        if !endpoint.tls {
            return Ok(Dialled {
                io: Box::new(socket),
                http2: self.options.http2_prior_knowledge,
            });
        }
        let stream = self.tls.connect(socket, &endpoint.host, place).await?;
        let negotiated = stream.get_ref().1.alpn_protocol();
        let http2 = self.options.http2_prior_knowledge || negotiated == Some(b"h2");
        let io: Box<dyn Io> = Box::new(stream);
        Ok(Dialled { io, http2 })
    }
}
