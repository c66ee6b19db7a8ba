//! One connection. In: a socket. Out: its head read, its requests answered by hyper, its event stream sent by
//! us; or a short answer, where it comes to none of that.
//!
//! Each step is a future of its own, so that none of them holds room for the others.
//!
//! # What ends a head
//!
//! | event | answer |
//! |---|---|
//! | a whole head of HTTP/1 | hyper's, or the event stream |
//! | the preface of HTTP/2 | hyper's |
//! | longer than [`ServeLimits::with_head_bytes`] | 431 |
//! | later than [`ServeLimits::with_head_time`] | 408 |
//! | the oldest of too many | 503 |
//! | the client closes, or nothing has come and the server stops | none |
//!
//! After an answer of ours the connection lingers for at most a second: a socket closed with unread bytes would be
//! reset, and the client might lose the answer.
//!
//! Next: `head.rs`, `http1.rs`, `stream.rs`, in this order.

use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use http::{Request, Response, StatusCode};
use http_body::Body;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::timeout;
use tower_service::Service;

use super::client::Client;
use super::connections::{Dismissal, HeadTicket, Ticket};
use super::head::{Found, Head};
use super::limits::ServeLimits;
use super::request::RequestBody;
use super::{http1, http2, stream};

/// How long a refused client is read on, so that it gets its answer.
const LINGER: Duration = Duration::from_secs(1);
/// How many bytes of it are read meanwhile, at most.
const LINGER_BYTES: u64 = 256 << 10;

/// Serves a connection until it ends, or until a task of its own sends the event stream.
pub(super) async fn serve<T, S, A, B>(
    mut io: T,
    client: Client<S, A>,
    limits: ServeLimits,
    tickets: (Ticket, HeadTicket),
    mut stop: watch::Receiver<bool>,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send + 'static,
    A: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let (ticket, head_ticket) = tickets;
    let mut head = Head::default();
    let found = poll_fn(|cx| {
        if let Poll::Ready(found) = head.poll(&mut io, limits.head_bytes, cx) {
            return Poll::Ready(Ok(found.unwrap_or(Found::Gone)));
        }
        let dismissed = head_ticket.poll_dismissed(cx, head.has_begun());
        dismissed.map(Err)
    });
    let found = found.await;
    drop(head_ticket);
    // Without a sender, nothing can ask it to stop any more.
    let stopped = async move { drop(stop.wait_for(|stopping| *stopping).await) };
    match found {
        Ok(Found::Http1) => {
            let ahead = head.into_bytes();
            let served = http1::serve(ahead, io, client, limits, stopped);
            if let Some(taken) = Box::pin(served).await {
                tokio::spawn(stream::send(taken, ticket));
            }
        }
        Ok(Found::Http2) => {
            Box::pin(http2::serve(head.into_bytes(), io, client, stopped)).await;
        }
        Ok(Found::TooLong) => {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            Box::pin(refuse(io, status)).await;
        }
        Err(Dismissal::Late) if head.has_begun() => {
            Box::pin(refuse(io, StatusCode::REQUEST_TIMEOUT)).await;
        }
        Err(Dismissal::Crowded) if head.has_begun() => {
            Box::pin(refuse(io, StatusCode::SERVICE_UNAVAILABLE)).await;
        }
        Ok(Found::Gone) | Err(_) => {}
    }
}

/// Answers without a service, and closes.
async fn refuse(mut io: impl AsyncRead + AsyncWrite + Unpin, status: StatusCode) {
    if answer(&mut io, status).await {
        linger(io).await;
    }
}

/// Answers as far as the socket takes it at once. Says whether it took anything.
pub(super) async fn answer(io: &mut (impl AsyncWrite + Unpin), status: StatusCode) -> bool {
    let date = httpdate::fmt_http_date(SystemTime::now());
    let answer = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\ndate: {date}\r\n\r\n"
    );
    poll_fn(|cx| {
        let written = Pin::new(&mut *io).poll_write(cx, answer.as_bytes());
        Poll::Ready(matches!(written, Poll::Ready(Ok(_))))
    })
    .await
}

/// Waits until the client has gone, so that it can read the answer.
pub(super) async fn linger(mut io: impl AsyncRead + AsyncWrite + Unpin) {
    let _ = timeout(LINGER, async {
        io.shutdown().await?;
        let mut rest = io.take(LINGER_BYTES);
        let mut room = [0; 1024];
        while rest.read(&mut room).await? > 0 {}
        Ok::<(), std::io::Error>(())
    })
    .await;
}
