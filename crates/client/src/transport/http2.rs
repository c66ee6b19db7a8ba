//! In: a place on a shared connection and a request. Out: the response over HTTP/2.
//! It stands on the `h2` crate itself, not on hyper's wrapper: the pool needs the peer's SETTINGS the moment they
//! arrive, and the reason of a reset.
//! Next: `http2/pool.rs` (which connection), `http2/driver.rs` (what keeps it moving), `http2/upload.rs`.

mod activity;
mod driver;
mod origin;
mod pool;
mod upload;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::{Reason, RecvStream};
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderName, TE, TRANSFER_ENCODING, UPGRADE};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri, Version};
use http_body::{Body as _, Frame};

pub(super) use self::origin::{Hold, Place};
pub(super) use self::pool::{Carrier, Dialled, Pool};
use self::upload::Upload;
use super::head::{self, MAX_RESPONSE_HEAD, MAX_RESPONSE_HEADERS};
use super::interim::{Interim, TOO_MANY};
use super::{Body, TransportError, TransportErrorKind};

/// What a peer may send on one stream before its reader takes it, and so what an unread source holds in memory.
const STREAM_WINDOW: u32 = 256 * 1024;
/// The largest there is: the streams' windows bound what is buffered, so no stream ever waits for another's reader.
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;
/// The longest response head.
const HEADER_LIST: u32 = MAX_RESPONSE_HEAD as u32;

/// Why there is no response.
pub(super) struct Failed {
    pub(super) error: TransportError,
    /// The peer did not look at the request: it may be sent again elsewhere, whatever its method.
    pub(super) refused: bool,
}

/// Sends `request`, whose URI is absolute, in `place`.
pub(super) async fn send(place: Place, request: Request<Body>) -> Result<Response<Body>, Failed> {
    let (parts, body) = request.into_parts();
    let head = head(Request::from_parts(parts, ()), body.size_hint().exact());
    let ends = body.is_end_stream();
    let Place { mut sender, hold } = place;
    poll_fn(|cx| sender.poll_ready(cx))
        .await
        .map_err(|error| hold.failed_before(error))?;
    let (response, stream) = sender
        .send_request(head, ends)
        .map_err(|error| hold.failed_before(error))?;
    drop(sender);
    let mut upload = (!ends).then(|| Box::new(Upload::new(body, stream)));
    let mut response = pin!(response);
    let interim = Interim::default();
    let response = poll_fn(|cx| {
        if let Err(error) = Upload::poll_slot(&mut upload, cx) {
            return Poll::Ready(Err(Failed {
                error,
                refused: false,
            }));
        }
        while let Poll::Ready(Some(Ok(_))) = response.poll_informational(cx) {
            interim.add();
            if interim.are_too_many() {
                return Poll::Ready(Err(hold.failed_with(TOO_MANY)));
            }
        }
        response
            .as_mut()
            .poll(cx)
            .map_err(|error| hold.failed_after(error))
    })
    .await?;
    if response.headers().len() > MAX_RESPONSE_HEADERS {
        return Err(Failed {
            error: head::too_large(hold.name()),
            refused: false,
        });
    }
    Ok(response.map(|stream| {
        Body::of_transport(Http2Body {
            stream,
            upload,
            hold,
        })
    }))
}

/// The request's head as HTTP/2 wants it: the authority in the URI, no headers about the connection.
fn head(mut request: Request<()>, length: Option<u64>) -> Request<()> {
    *request.version_mut() = Version::HTTP_2;
    let host = request.headers_mut().remove(HOST);
    if let Some(uri) = host.and_then(|host| with_authority(request.uri(), &host)) {
        *request.uri_mut() = uri;
    }
    drop_connection_headers(request.headers_mut());
    let expects_body = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    if let Some(length) = length
        && (length > 0 || expects_body)
    {
        request
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    request
}

fn with_authority(uri: &Uri, host: &HeaderValue) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.authority = Some(Authority::try_from(host.as_bytes()).ok()?);
    Uri::from_parts(parts).ok()
}

/// RFC 9113, section 8.2.2: a message with these fields is malformed.
fn drop_connection_headers(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    let unnamed = ["keep-alive", "proxy-connection"].map(HeaderName::from_static);
    for name in [CONNECTION, TRANSFER_ENCODING, UPGRADE, TE]
        .into_iter()
        .chain(unnamed)
    {
        headers.remove(name);
    }
}

/// A response's body. Dropping it resets the stream; the last one of a connection closes the connection.
struct Http2Body {
    // In this order: the place is given back once the stream has let go of the connection.
    stream: RecvStream,
    /// Boxed, so that a stream that only comes makes no room for it.
    upload: Option<Box<Upload>>,
    hold: Hold,
}

impl http_body::Body for Http2Body {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let this = &mut *self;
        if let Err(error) = Upload::poll_slot(&mut this.upload, cx) {
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Ready(match ready!(this.stream.poll_data(cx)) {
            Some(Ok(data)) => {
                // Fails only when the stream is over, and then the window is not needed.
                let _ = this.stream.flow_control().release_capacity(data.len());
                Some(Ok(Frame::data(data)))
            }
            // A server may cut an upload it no longer needs with NO_ERROR, after a complete response (RFC 9113, 8.1).
            Some(Err(error))
                if error.reason() == Some(Reason::NO_ERROR) && this.upload.is_some() =>
            {
                None
            }
            Some(Err(error)) => Some(Err(this.hold.error(TransportErrorKind::Body, error))),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }
}
