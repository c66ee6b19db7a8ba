//! In: a connection and a request. Out: the response over HTTP/1.1.
//! One connection carries one request. The response's body alone drives it, so there is no task beside the reader:
//! dropping the body closes the socket.
//! Next: `http2.rs`.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{HOST, PROXY_AUTHORIZATION};
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri, Version};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper::ext::on_informational;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::connect::Endpoint;
use super::head::{self, MAX_RESPONSE_HEAD, MAX_RESPONSE_HEADERS};
use super::interim::{Interim, TOO_MANY};
use super::paced::Paced;
use super::proxy::Scheme;
use super::queue::Permit;
use super::{Body, Proxy, Route, TransportError, TransportErrorKind};
use crate::pace::Pace;

/// The most that is read ahead of the consumer.
const READ_BUFFER: usize = MAX_RESPONSE_HEAD;

/// Sends `request`, whose URI is absolute, over `io`; the permit is held as long as the connection.
pub(super) async fn send<I>(
    io: I,
    permit: Option<Permit>,
    request: Request<Body>,
    endpoint: &Endpoint,
) -> Result<Response<Body>, TransportError>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let place = endpoint.place();
    let mut request = match forwarding_proxy(endpoint) {
        Some(proxy) => absolute_form(request, proxy, &place)?,
        None => origin_form(request, &place)?,
    };
    let failed = |error| head_error(error, &place);
    let interim = Interim::default();
    let seen = interim.clone();
    on_informational(&mut request, move |_| seen.add());
    let (mut sender, connection) = Builder::new()
        .max_buf_size(READ_BUFFER)
        .max_headers(MAX_RESPONSE_HEADERS)
        .handshake(TokioIo::new(Paced::new(io, Pace::default())))
        .await
        .map_err(failed)?;
    let mut connection = Driver {
        connection: Some(connection),
    };
    let response = {
        let mut response = pin!(sender.send_request(request));
        poll_fn(|cx| {
            connection.poll(cx);
            if interim.are_too_many() {
                let kind = TransportErrorKind::Protocol;
                return Poll::Ready(Err(TransportError::new(kind, &place, TOO_MANY)));
            }
            response.as_mut().poll(cx).map_err(failed)
        })
        .await?
    };
    Ok(response.map(|incoming| {
        Body::new(Http1Body {
            incoming,
            connection,
            _sender: sender,
            _permit: permit,
            place,
        })
    }))
}

/// The HTTP proxy that gets the request itself: one without TLS (RFC 9112, 3.2.2).
fn forwarding_proxy(endpoint: &Endpoint) -> Option<&Proxy> {
    match &endpoint.route {
        Route::Proxy(proxy) if !endpoint.tls => {
            matches!(proxy.scheme(), Scheme::Http | Scheme::Https).then_some(proxy)
        }
        _ => None,
    }
}

/// The proxy wants to know the whole URL, and who asks.
fn absolute_form(
    mut request: Request<Body>,
    proxy: &Proxy,
    place: &str,
) -> Result<Request<Body>, TransportError> {
    add_host(&mut request, place)?;
    if let Some(value) = proxy.authorization() {
        request.headers_mut().insert(PROXY_AUTHORIZATION, value);
    }
    *request.version_mut() = Version::HTTP_11;
    Ok(request)
}

fn add_host(request: &mut Request<Body>, place: &str) -> Result<(), TransportError> {
    if !request.headers().contains_key(HOST) {
        let authority = request.uri().authority();
        let authority = authority.map_or("", |authority| authority.as_str());
        let host = HeaderValue::from_str(authority).map_err(|error| {
            TransportError::caused_by(TransportErrorKind::InvalidRequest, place, error)
        })?;
        request.headers_mut().insert(HOST, host);
    }
    Ok(())
}

/// HTTP/1.1 wants the path alone in its first line and the authority in `Host`.
fn origin_form(mut request: Request<Body>, place: &str) -> Result<Request<Body>, TransportError> {
    add_host(&mut request, place)?;
    let path = request
        .uri()
        .path_and_query()
        .cloned()
        .unwrap_or(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    *request.version_mut() = Version::HTTP_11;
    Ok(request)
}

fn head_error(error: hyper::Error, place: &str) -> TransportError {
    // hyper has a question for it, but only for servers.
    if error.is_parse() && error.to_string() == "message head is too large" {
        return head::too_large(place);
    }
    let kind = if error.is_parse() {
        TransportErrorKind::Protocol
    } else if error.is_user() {
        TransportErrorKind::InvalidRequest
    } else {
        TransportErrorKind::Closed
    };
    TransportError::caused_by(kind, place, error)
}

/// The connection, polled by the request and by the body. How it ends shows in what it was polled for.
struct Driver<I: AsyncRead + AsyncWrite + Unpin> {
    connection: Option<Connection<TokioIo<Paced<I>>, Body>>,
}

impl<I: AsyncRead + AsyncWrite + Send + Unpin + 'static> Driver<I> {
    fn poll(&mut self, cx: &mut Context<'_>) {
        if let Some(connection) = &mut self.connection
            && Pin::new(connection).poll(cx).is_ready()
        {
            self.connection = None;
        }
    }

    fn is_over(&self) -> bool {
        self.connection.is_none()
    }
}

/// A response's body together with the connection it comes from.
struct Http1Body<I: AsyncRead + AsyncWrite + Unpin> {
    incoming: Incoming,
    connection: Driver<I>,
    /// hyper winds the connection down when the last sender is gone.
    _sender: SendRequest<Body>,
    /// Given back when the socket is closed, not before.
    _permit: Option<Permit>,
    place: String,
}

impl<I> http_body::Body for Http1Body<I>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let this = &mut *self;
        let mut frame = Pin::new(&mut this.incoming).poll_frame(cx);
        if frame.is_pending() {
            this.connection.poll(cx);
            frame = Pin::new(&mut this.incoming).poll_frame(cx);
        }
        if frame.is_pending() && this.connection.is_over() {
            let error = TransportError::new(
                TransportErrorKind::Body,
                &this.place,
                "the connection is gone",
            );
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(frame);
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|error| {
                TransportError::caused_by(TransportErrorKind::Body, &this.place, error)
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
