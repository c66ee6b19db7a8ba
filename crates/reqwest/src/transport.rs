//! In: a `reqwest::ClientBuilder`. Out: [`ReqwestTransport`], a client of it that makes single hops.
//!
//! Next: `../../client/src/transport/tower.rs`, the adapter of tower's services.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use reqwest::{Client, ClientBuilder, Error, redirect};

use wellspring::transport::{Body, Transport, TransportError, TransportErrorKind};

/// Longer than any stream. There is no way to take a timeout back from a builder.
const NEVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A client of reqwest as a transport: its proxies, certificates, resolvers and connection pool.
///
/// The event source follows redirects and judges bodies itself, so the builder's redirect policy is replaced and its
/// decoders are switched off. A timeout for whole requests or for reads would end healthy streams that are silent: both
/// are replaced by a hundred years; use [`idle_timeout`](wellspring::EventSourceBuilder::idle_timeout). The rest of the builder
/// holds: the connect timeout, which takes the place of the source's, cookies, default headers, which go to every origin.
/// A limit on connections an origin is not followed.
///
/// It brings reqwest without TLS: a program that wants `https` depends on reqwest with the features of its choice.
///
/// ```
/// use wellspring::EventSource;
/// use wellspring_reqwest::ReqwestTransport;
///
/// let client = reqwest::Client::builder().connect_timeout(std::time::Duration::from_secs(5));
/// let source = EventSource::builder("http://example.com/stream")
///     .transport(ReqwestTransport::new(client)?)
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
}

impl ReqwestTransport {
    /// Creates a transport over a client of `builder`.
    ///
    /// # Errors
    /// [`TransportErrorKind::Unsupported`] when reqwest cannot build a client of it.
    pub fn new(builder: ClientBuilder) -> Result<Self, TransportError> {
        let client = builder
            .redirect(redirect::Policy::none())
            .timeout(NEVER)
            .read_timeout(NEVER)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .build()
            .map_err(|error| {
                TransportError::caused_by(TransportErrorKind::Unsupported, "", error)
            })?;
        Ok(Self { client })
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let client = self.client.clone();
        Box::pin(async move {
            let authority = request.uri().authority();
            let place = authority.map(ToString::to_string).unwrap_or_default();
            let failed = |error: Error| failed(error, &place);
            let request = adapted(request).map_err(failed)?;
            let response = client.execute(request).await.map_err(failed)?;
            Ok(Response::<reqwest::Body>::from(response).map(Body::new))
        })
    }
}

/// reqwest's form of the request. One without a body gets none, not an empty one.
fn adapted(request: Request<Body>) -> Result<reqwest::Request, Error> {
    let is_empty = http_body::Body::is_end_stream(request.body());
    let request = request.map(|body| match body.try_bytes() {
        Ok(bytes) => reqwest::Body::from(bytes),
        Err(body) => reqwest::Body::wrap(Shareable(Mutex::new(body))),
    });
    let mut request = reqwest::Request::try_from(request)?;
    if is_empty {
        *request.body_mut() = None;
    }
    Ok(request)
}

/// The URL is the fetch's to tell.
fn failed(error: Error, place: &str) -> TransportError {
    let kind = if error.is_builder() {
        TransportErrorKind::InvalidRequest
    } else if error.is_dns() {
        TransportErrorKind::Dns
    } else if error.is_connect() && error.is_timeout() {
        TransportErrorKind::ConnectTimeout
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Other
    };
    TransportError::caused_by(kind, place, error.without_url())
}

/// A body that reqwest takes: one that may be shared between threads, though it never is.
struct Shareable(Mutex<Body>);

impl http_body::Body for Shareable {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let body = self.get_mut().0.get_mut();
        Pin::new(body.unwrap_or_else(PoisonError::into_inner)).poll_frame(cx)
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.0.lock();
        body.unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
