//! In: what one source wants of its connection. Out: [`ConnectOptions`], an extension of its requests.
//! Next: `queue.rs`, `http_transport.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Route, TcpKeepAlive};

/// How the connection of one request is to be made, where that differs from the transport's own options.
///
/// An event source puts it into the extensions of its requests; a transport takes what it can follow.
///
/// ```
/// use std::time::Duration;
/// use wellspring::transport::{Body, ConnectOptions};
///
/// let mut options = ConnectOptions::default();
/// options.connect_timeout = Some(Duration::from_secs(5));
/// let mut request = http::Request::new(Body::empty());
/// request.extensions_mut().insert(options);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ConnectOptions {
    /// How long connecting may take; what the transport says when `None`.
    pub connect_timeout: Option<Duration>,
    /// When to probe a silent connection; what the transport says when `None`. Requests that share an HTTP/2 connection
    /// share what the request that opened it said.
    pub tcp_keep_alive: Option<TcpKeepAlive>,
    /// How many HTTP/1.1 connections to the origin the requests that carry such a limit may hold together.
    /// Without limit when `None`; 0 counts as 1.
    pub http1_connections: Option<usize>,
    /// Which way the request leaves; `None` when the transport, or else the environment, is to say. Only for transports
    /// that [follow it](super::Transport::honors_route).
    pub route: Option<Route>,
    /// Kept by the transport while the request waits for one of these connections.
    pub queue_position: QueuePosition,
}

/// Where a request stands among those that wait for a connection; clones share it.
///
/// ```
/// use wellspring::transport::QueuePosition;
///
/// let position = QueuePosition::default();
/// assert_eq!(position.get(), None);
/// position.set(Some(3));
/// assert_eq!(position.clone().get(), Some(3));
/// ```
#[derive(Clone, Debug, Default)]
pub struct QueuePosition(Arc<AtomicUsize>);

impl QueuePosition {
    /// 1 for the next to get a connection; `None` when it does not wait for one.
    #[must_use]
    pub fn get(&self) -> Option<usize> {
        Some(self.0.load(Ordering::Relaxed)).filter(|&place| place > 0)
    }

    /// For transports that have a queue.
    pub fn set(&self, place: Option<usize>) {
        self.0.store(place.unwrap_or(0), Ordering::Relaxed);
    }
}
