//! In: nothing. Out: the transport of the sources that bring none.
//! Next: `http_transport.rs`, which it is.

use std::sync::Arc;

use super::Transport;

/// One for all of them, so that they share connections.
#[cfg(feature = "http-transport")]
pub(crate) fn default_transport() -> Arc<dyn Transport> {
    super::HttpTransport::shared()
}

/// One that says that there is none.
#[cfg(not(feature = "http-transport"))]
pub(crate) fn default_transport() -> Arc<dyn Transport> {
    Arc::new(none::NoTransport)
}

#[cfg(not(feature = "http-transport"))]
mod none {
    use futures_core::future::BoxFuture;
    use http::{Request, Response};

    use crate::transport::{Body, Transport, TransportError, TransportErrorKind};

    pub(super) struct NoTransport;

    impl Transport for NoTransport {
        fn send(
            &self,
            _: Request<Body>,
        ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
            let detail = "the source has no transport: give it one, or build wellspring with its feature http-transport";
            let error = TransportError::new(TransportErrorKind::Unsupported, "", detail);
            Box::pin(std::future::ready(Err(error)))
        }
    }
}
