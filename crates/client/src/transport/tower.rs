//! In: any `tower::Service` that answers HTTP requests. Out: [`TowerTransport`], which asks it.
//! Next: back to `../transport.rs`.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::sync::Mutex;

use futures_core::future::BoxFuture;
use http::{Request, Response};
use tower_service::Service;

use super::{Body, Transport, TransportError, TransportErrorKind};
use crate::sync::lock;

/// A service as a transport: an `axum::Router`, so that a test needs no socket; a client with layers around it.
///
/// Each request is answered by a clone of the service, once the clone is ready. The request's URI is absolute, as in
/// `http://example.com/stream`, and there is no `Host` header. Redirects are the event source's business, so the service
/// must not follow any; nor must it decode bodies.
///
/// The feature `tower` of this crate; it brings `tower-service` and nothing else.
///
/// ```
/// use std::convert::Infallible;
/// use std::future::{Ready, ready};
/// use std::task::{Context, Poll};
///
/// use http::{Request, Response};
/// use wellspring::EventSource;
/// use wellspring::transport::{Body, TowerTransport};
///
/// /// Greets each client.
/// #[derive(Clone)]
/// struct Greeter;
///
/// impl tower_service::Service<Request<Body>> for Greeter {
///     type Response = Response<Body>;
///     type Error = Infallible;
///     type Future = Ready<Result<Response<Body>, Infallible>>;
///
///     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn call(&mut self, _: Request<Body>) -> Self::Future {
///         let mut response = Response::new(Body::from("data: hello\n\n"));
///         let event_stream = "text/event-stream".parse().expect("a header value");
///         response.headers_mut().insert("content-type", event_stream);
///         ready(Ok(response))
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let mut source = EventSource::builder("http://anywhere.test/")
///     .transport(TowerTransport::new(Greeter))
///     .build()?;
/// assert_eq!(source.next().await.unwrap()?.data, "hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct TowerTransport<S> {
    /// Locked to be cloned: many services can be sent to another thread but not shared.
    service: Mutex<S>,
}

impl<S> TowerTransport<S> {
    /// A transport that asks clones of `service`.
    ///
    /// A service that wants another type of request body than ours, or that cannot be cloned, is made to fit with what
    /// `tower` has for it: `map_request`, `buffer`.
    #[must_use]
    pub fn new(service: S) -> Self {
        let service = Mutex::new(service);
        Self { service }
    }
}

impl<S, B> Transport for TowerTransport<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send,
    B: http_body::Body + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let mut service = lock(&self.service).clone();
        let authority = request.uri().authority();
        let place = authority.map(ToString::to_string).unwrap_or_default();
        Box::pin(async move {
            poll_fn(|cx| {
                let ready = service.poll_ready(cx);
                ready.map_err(|error| failed(error.into(), &place))
            })
            .await?;
            match service.call(request).await {
                Ok(response) => Ok(response.map(Body::new)),
                Err(error) => Err(failed(error.into(), &place)),
            }
        })
    }
}

/// An error of ours, through whatever layers, stays what it is.
fn failed(error: Box<dyn Error + Send + Sync>, place: &str) -> TransportError {
    let mut cause: &(dyn Error + 'static) = error.as_ref();
    loop {
        if let Some(ours) = cause.downcast_ref::<TransportError>() {
            return ours.clone();
        }
        match cause.source() {
            Some(below) => cause = below,
            None => return TransportError::caused_by(TransportErrorKind::Other, place, error),
        }
    }
}

impl<S> fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport").finish_non_exhaustive()
    }
}
