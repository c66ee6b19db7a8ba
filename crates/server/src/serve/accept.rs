//! The accepting loop. In: a listener, a service, and the moment to stop. Out: a task for each connection, until all
//! have ended after that moment.
//!
//! # The life of a server
//!
//! 1. A connection is accepted when there is room for another head ([`ServeLimits::with_heads`]), and gets its two
//!    tickets, or 503 if there are as many as [`ServeLimits::with_connections`] allows.
//! 2. A task of its own serves it. This loop only accepts, and looks at the clock for connections whose heads are
//!    late.
//! 3. The future given to `with_graceful_shutdown` completes. The listener is dropped, so that the system refuses
//!    new clients; every connection learns of it through the watch channel.
//! 4. The loop goes on looking at the clock until the last ticket is dropped. Then it returns.
//!
//! If the future of `serve` is dropped instead, `Clock` dismisses all connections without a whole head, because
//! their deadline would never come; those being answered go on.
//!
//! Next: `connection.rs` is what a task does.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response, StatusCode};
use http_body::Body;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, Sleep, sleep_until};
use tower_service::Service;

use super::client::Client;
use super::connection;
use super::connections::Connections;
use super::limits::ServeLimits;
use super::listener::Listener;
use super::request::{RequestBody, Tell};

/// How many connections over the limit may linger at a time. Each waits up to a second for its client to read the
/// answer; those beyond are closed at once.
const MOST_REFUSED: usize = 256;

/// Watches the deadlines of all heads with one timer. Dropping it dismisses every connection without a whole head.
struct Clock {
    connections: Arc<Connections>,
    /// Set for the earliest deadline, once there has been one.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.connections.abandon();
    }
}

impl Clock {
    /// Dismisses the connections that are late. Returns whether there is room for another one.
    fn poll(&mut self, cx: &mut Context<'_>) -> bool {
        loop {
            let (has_room, next) = self.connections.review(cx);
            let Some(next) = next else {
                return has_room;
            };
            if self.poll_timer(next, cx).is_pending() {
                return has_room;
            }
        }
    }

    /// Waits for that moment; resetting the timer costs nothing if it is set for it already.
    fn poll_timer(&mut self, next: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(sleep_until(next)));
        if timer.deadline() != next {
            timer.as_mut().reset(next);
        }
        timer.as_mut().poll(cx)
    }
}

/// Serves until `stop`, and until every connection has ended after that.
pub(super) async fn serve<L, S, B>(
    mut listener: L,
    service: S,
    limits: ServeLimits,
    tell: Option<Tell<L::Addr>>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
) where
    L: Listener,
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let connections = Connections::new(limits);
    let (stopping, stopped) = watch::channel(false);
    let mut clock = Clock {
        connections: Arc::clone(&connections),
        timer: None,
    };
    let mut stop = stop;
    let refused = Arc::new(Semaphore::new(MOST_REFUSED));
    while let Some((io, address)) = next(&mut listener, &mut clock, &mut stop).await {
        let Some(tickets) = connections.admit() else {
            tokio::spawn(refuse(io, Arc::clone(&refused)));
            continue;
        };
        let client = Client {
            service: service.clone(),
            address,
            tell: tell.clone(),
        };
        tokio::spawn(connection::serve(
            io,
            client,
            limits,
            tickets,
            stopped.clone(),
        ));
    }
    drop(listener);
    drop(service);
    connections.stop();
    let _ = stopping.send(true);
    poll_fn(|cx| {
        clock.poll(cx);
        connections.poll_empty()
    })
    .await;
}

/// Answers a connection over the limit with 503, and lingers if there is a place for it.
async fn refuse(mut io: impl AsyncRead + AsyncWrite + Unpin, places: Arc<Semaphore>) {
    if connection::answer(&mut io, StatusCode::SERVICE_UNAVAILABLE).await
        && let Ok(_place) = places.try_acquire()
    {
        connection::linger(io).await;
    }
}

/// The next connection, or `None` once it is time to stop.
async fn next<L: Listener>(
    listener: &mut L,
    clock: &mut Clock,
    stop: &mut Pin<Box<dyn Future<Output = ()> + Send>>,
) -> Option<(L::Io, L::Addr)> {
    let mut accepted = pin!(listener.accept());
    poll_fn(|cx| {
        if stop.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        match clock.poll(cx) {
            true => accepted.as_mut().poll(cx).map(Some),
            false => Poll::Pending,
        }
    })
    .await
}
