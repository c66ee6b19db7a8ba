//! Accepting. In: a listener, a service, and the moment to stop. Out: a task for each connection, until all
//! have ended after that moment.
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

/// How many of those who are one too many are waited for at a time, until they have read that they are.
const MOST_REFUSED: usize = 256;

/// Tells the heads when nobody looks at the clock any more.
struct Clock {
    connections: Arc<Connections>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.connections.abandon();
    }
}

impl Clock {
    /// Looks after the heads. Says whether another connection has room.
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

/// Answers who is one too many, and lingers if there is a place.
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
