//! Connections. In: listening sockets, a [`Site`]. Out: its answers, until it has to stop; then it
//! waits for what is going on to end.
//!
//! Next: `demo/server.rs` and `serve/site.rs` are sites.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{Either, Full};
use tokio::sync::oneshot;
use tower_service::Service;
use wellspring_server::{EventStream, RequestBody, ServeLimits};

use super::listen::Listeners;
use super::tls::Tls;

/// How long the head of a request may take to arrive.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// Answers requests: with bytes that are there, or with an event stream.
pub(crate) trait Site: Send + Sync + 'static {
    fn answer(
        &self,
        request: Request<RequestBody>,
    ) -> impl Future<Output = Response<Either<Full<Bytes>, EventStream>>> + Send;
}

/// A site as a service.
struct Answers<S>(Arc<S>);

impl<S> Clone for Answers<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Site> Service<Request<RequestBody>> for Answers<S> {
    type Response = Response<Either<Full<Bytes>, EventStream>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let site = Arc::clone(&self.0);
        Box::pin(async move { Ok(site.answer(request).await) })
    }
}

/// Serves until the other end of `stop` is gone, and until every connection has ended after that.
pub(crate) async fn serve(
    listeners: Listeners,
    tls: Option<Tls>,
    site: impl Site,
    stop: oneshot::Receiver<()>,
) {
    let limits = ServeLimits::default().with_head_time(HEAD_TIME);
    let stopped = async {
        let _ = stop.await;
    };
    let serving = wellspring_server::serve(listeners, Answers(Arc::new(site)));
    let serving = serving.with_limits(limits).with_graceful_shutdown(stopped);
    let _ = match tls {
        None => serving.await,
        Some(tls) => {
            let shaken = serving.with_handshake(move |socket| {
                let tls = tls.clone();
                async move { tls.accept(socket).await }
            });
            shaken.await
        }
    };
}
