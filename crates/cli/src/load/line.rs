//! The way to publish. In: requests, one at a time. Out: the answer; otherwise whether the request may
//! have reached the server.
//!
//! Over plain HTTP the connection is kept for the next request: one each would use up the ports of this
//! machine. Over TLS, a proxy or a socket the client's own transport carries each by itself. Next:
//! `publisher.rs`.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use wellspring::transport::{Body, Transport, TransportErrorKind};

/// As much of an answer is read, in bytes.
const LONGEST_ANSWER: usize = 64 << 10;
/// Connecting may take so long.
const CONNECTING: Duration = Duration::from_secs(10);

/// What the server said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Silence {
    /// The server has not seen the request.
    NotSent(String),
    /// It may have.
    Broken(String),
}

/// One publisher's.
pub(super) enum Line {
    Kept {
        /// Host and port.
        server: (String, u16),
        sender: Option<SendRequest<Full<Bytes>>>,
    },
    Single(Arc<dyn Transport>),
}

impl Line {
    pub(super) fn kept(server: (String, u16)) -> Self {
        Self::Kept {
            server,
            sender: None,
        }
    }

    /// Sends it, and waits as long as `limit` for all of the answer. `request` has an absolute URL.
    pub(super) async fn send(
        &mut self,
        request: Request<Bytes>,
        limit: Duration,
    ) -> Result<Answer, Silence> {
        match self {
            Self::Single(transport) => {
                let sent = timeout(limit, single(transport.as_ref(), request));
                sent.await.unwrap_or_else(|_| Err(too_late(limit)))
            }
            Self::Kept { server, sender } => {
                let mut ready = match sender.take() {
                    Some(kept) if !kept.is_closed() => kept,
                    _ => dial(server).await.map_err(Silence::NotSent)?,
                };
                // Unless it is put back, the connection is given up.
                let sent = timeout(limit, over(&mut ready, request));
                let answer = sent.await.unwrap_or_else(|_| Err(too_late(limit)))?;
                *sender = Some(ready);
                Ok(answer)
            }
        }
    }
}

fn too_late(limit: Duration) -> Silence {
    Silence::Broken(format!("no answer within {limit:?}"))
}

async fn dial((host, port): &(String, u16)) -> Result<SendRequest<Full<Bytes>>, String> {
    let place = format!("{host}:{port}");
    let wrong = |error: &dyn std::fmt::Display| format!("cannot connect: {place}: {error}");
    let connecting = timeout(CONNECTING, TcpStream::connect((host.as_str(), *port)));
    let connected = connecting.await.map_err(|_| wrong(&"it takes too long"))?;
    let stream = connected.map_err(|error| wrong(&error))?;
    stream.set_nodelay(true).map_err(|error| wrong(&error))?;
    let shaken = handshake(TokioIo::new(stream)).await;
    let (sender, connection) = shaken.map_err(|error| wrong(&error))?;
    // How it ends shows in the request.
    tokio::spawn(async { drop(connection.await) });
    Ok(sender)
}

async fn over(
    sender: &mut SendRequest<Full<Bytes>>,
    request: Request<Bytes>,
) -> Result<Answer, Silence> {
    let ready = sender.ready().await;
    ready.map_err(|error| Silence::NotSent(error.to_string()))?;
    let sent = sender.try_send_request(in_origin_form(request)).await;
    let response = sent.map_err(|mut failed| {
        let is_unsent = failed.take_message().is_some();
        let why = chain(failed.error());
        match is_unsent {
            true => Silence::NotSent(why),
            false => Silence::Broken(why),
        }
    })?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, LONGEST_ANSWER).collect().await;
    let body = body.map_err(|error| Silence::Broken(chain(error.as_ref())))?;
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: body.to_bytes(),
    })
}

/// The path alone in the first line, the authority in `Host` (RFC 9112, 3.2.1).
fn in_origin_form(request: Request<Bytes>) -> Request<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    if let Some(path) = head.uri.path_and_query() {
        head.uri = path.clone().into();
    }
    Request::from_parts(head, Full::new(body))
}

async fn single(transport: &dyn Transport, request: Request<Bytes>) -> Result<Answer, Silence> {
    let sent = transport.send(request.map(Body::from)).await;
    let response = sent.map_err(|error| match error.kind() {
        TransportErrorKind::Dns
        | TransportErrorKind::Connect
        | TransportErrorKind::ConnectTimeout
        | TransportErrorKind::Tls
        | TransportErrorKind::Proxy
        | TransportErrorKind::InvalidRequest
        | TransportErrorKind::Unsupported => Silence::NotSent(format!("{error:#}")),
        _ => Silence::Broken(format!("{error:#}")),
    })?;
    let (head, mut body) = response.into_parts();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next_chunk().await {
        let chunk = chunk.map_err(|error| Silence::Broken(format!("{error:#}")))?;
        if bytes.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Silence::Broken("the answer is too long".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: bytes.into(),
    })
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
