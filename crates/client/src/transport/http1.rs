//! In: a connection and a request. Out: the response over HTTP/1.1.
//! One connection carries one request. The response's body alone drives it, so there is no task beside the reader:
//! dropping the body closes the socket.
//!
//! hyper writes the request and reads the heads, one at a time. The connection of a response that may open a stream
//! then leaves hyper, whose buffers go with it.
//! Next: `http1/request.rs`, `gate.rs`, then `reader.rs`, or `kept.rs` for what hyper keeps; `http2.rs`.

mod chunked;
mod framing;
mod gate;
mod head_end;
mod kept;
mod reader;
mod request;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper::ext::on_informational;
use hyper_util::rt::TokioIo;

use self::framing::Framing;
use self::gate::{Sent, Watch};
use self::kept::{Driver, Kept, Parsed};
use self::reader::Reader;
use super::connect::{Endpoint, Io};
use super::head::{self, MAX_RESPONSE_HEAD, MAX_RESPONSE_HEADERS};
use super::interim::{Interim, TOO_MANY};
use super::queue::Permit;
use super::wrapped::Wrapped;
use super::{Body, TransportError, TransportErrorKind};
use crate::pace::Pace;

/// The most that hyper reads ahead: of a head, or of a body that it keeps.
const READ_BUFFER: usize = MAX_RESPONSE_HEAD;

/// Sends `request`, whose URI is absolute, over `io`; the permit is held as long as the connection.
pub(super) async fn send(
    io: Box<dyn Io>,
    permit: Option<Permit>,
    request: Request<Body>,
    endpoint: &Endpoint,
) -> Result<Response<Body>, TransportError> {
    let place = endpoint.place();
    let mut request = request::formed(request, endpoint, &place)?;
    let interim = Interim::default();
    let seen = interim.clone();
    on_informational(&mut request, move |_| seen.add());
    let watch = Watch::default();
    let request = request.map(|body| watch.request(body));
    let io = Wrapped::new(Wrapped::new(io, Pace::default()), watch.gate());
    let (mut sender, connection) = Builder::new()
        .max_buf_size(READ_BUFFER)
        .max_headers(MAX_RESPONSE_HEADERS)
        .handshake(TokioIo::new(io))
        .await
        .map_err(|error| head_error(error, &place))?;
    let mut driver = Driver {
        connection: Some(Parsed(connection)),
    };
    let response = head(&mut driver, &mut sender, request, &watch, &interim, &place).await?;
    if let Some(framing) = framing_of(&response, &watch, &interim)
        && let Some(connection) = driver.connection.take()
    {
        return Ok(response.map(|_| take_over(connection, framing, &place, permit)));
    }
    watch.leave_to_hyper();
    Ok(response.map(|incoming| {
        Body::of_transport(Kept {
            incoming,
            connection: driver,
            _sender: sender,
            _permit: permit,
            place,
        })
    }))
}

/// Writes the request, and reads heads until one is the response's.
async fn head(
    driver: &mut Driver,
    sender: &mut SendRequest<Sent>,
    request: Request<Sent>,
    watch: &Watch,
    interim: &Interim,
    place: &str,
) -> Result<Response<Incoming>, TransportError> {
    let mut response = pin!(sender.send_request(request));
    poll_fn(|cx| {
        loop {
            driver.poll(cx);
            if interim.are_too_many() {
                let kind = TransportErrorKind::Protocol;
                return Poll::Ready(Err(TransportError::new(kind, place, TOO_MANY)));
            }
            let polled = response.as_mut().poll(cx);
            if polled.is_ready() || !watch.gives_next_head() {
                return polled.map_err(|error| head_error(error, place));
            }
        }
    })
    .await
}

/// How the body ends, if the connection is to leave hyper: where there is a body that may be a stream's, and hyper has
/// nothing more to write and has read no more than heads.
fn framing_of(response: &Response<Incoming>, watch: &Watch, interim: &Interim) -> Option<Framing> {
    let has_body = !http_body::Body::is_end_stream(response.body());
    let is_clean = watch.is_written() && watch.heads_before() == interim.count();
    let leaves = response.status() == StatusCode::OK && has_body && is_clean;
    leaves.then(|| Framing::of(response.headers())).flatten()
}

fn take_over(connection: Parsed, framing: Framing, place: &str, permit: Option<Permit>) -> Body {
    let parts = connection.0.into_parts();
    let Wrapped { io, reader: gate } = parts.io.into_inner();
    let mut behind = Vec::from(parts.read_buf);
    behind.append(&mut gate.into_behind());
    Body::lending(Reader::new(io.io, behind, framing, place, permit))
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
