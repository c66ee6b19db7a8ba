//! HTTP/1 as hyper speaks it, until there is an event stream. In: a connection, of which the first head has
//! been read. Out: answers; and the connection with the response, if that is to leave hyper.
//!
//! The service is called from within hyper, once for each request, with a clone of its own. Its error ends the
//! connection without an answer. Keep-alive, pipelining, interim responses, upgrades and the refusal of malformed
//! requests are hyper's. After a shutdown was asked for, hyper finishes the request it is at and closes.
//!
//! Next: `handoff.rs` decides, `stream.rs` goes on.

use std::error::Error;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use http::{Request, Response};
use http_body::Body;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tower_service::Service;

use super::client::Client;
use super::gate::Gate;
use super::handoff::{Handoff, Leaving, framing};
use super::limits::ServeLimits;
use super::request::{RequestBody, received};
use super::stream::Taken;

/// What hyper may hold for a client, in bytes, unless the head of a request may be longer: of such a head, and
/// of frames that were not yet written.
const MOST_BUFFERED: usize = 64 << 10;

/// Serves the connection until it ends, or until its socket is given back with an event stream.
pub(super) async fn serve<T, S, A, B>(
    ahead: Vec<u8>,
    io: T,
    client: Client<S, A>,
    limits: ServeLimits,
    stop: impl Future<Output = ()>,
) -> Option<Taken<T, B>>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let handoff = Handoff::new();
    let gate = Gate::new(ahead, io, handoff.flushed());
    let place = handoff.clone();
    let answer = service_fn(move |request| {
        let (request, asked) = received(request, &client.address, client.tell.as_ref());
        let mut service = client.service.clone();
        let place = place.clone();
        async move {
            poll_fn(|cx| service.poll_ready(cx)).await?;
            let response = service.call(request).await?;
            match framing(&asked, &response) {
                None => Ok::<_, S::Error>(response),
                Some(framing) => {
                    place.leave(Leaving { response, framing });
                    // hyper is left before it learns of an answer.
                    pending().await
                }
            }
        }
    });
    let builder = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(MOST_BUFFERED.max(limits.head_bytes))
        .serve_connection(TokioIo::new(gate), answer);
    let mut connection = builder.with_upgrades();
    let mut stop = pin!(stop);
    let mut stopping = false;
    let leaving = poll_fn(|cx| {
        // First the head: hyper closes a connection that is to stop and has not read anything.
        let mut ended = Pin::new(&mut connection).poll(cx).is_ready();
        if !ended && !stopping && stop.as_mut().poll(cx).is_ready() {
            stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
            ended = Pin::new(&mut connection).poll(cx).is_ready();
        }
        if ended {
            return Poll::Ready(None);
        }
        match handoff.take() {
            Some(leaving) => Poll::Ready(Some(leaving)),
            None => Poll::Pending,
        }
    });
    let leaving = leaving.await?;
    let parts = connection.into_parts()?;
    let (io, not_taken) = parts.io.into_inner().into_parts();
    Some(Taken {
        io,
        leaving,
        dropped: not_taken + parts.read_buf.len(),
    })
}
