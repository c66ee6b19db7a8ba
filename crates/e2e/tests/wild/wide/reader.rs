//! A reader of one response, over HTTP/1.1 or HTTP/2 with prior knowledge. In: a port and a path. Out: the head, each
//! piece of the body with its time, and how it ended.
//!
//! Next: `probes.rs`.

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// What is spoken to the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    Http1,
    Http2,
}

impl Front {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http1 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
        }
    }
}

/// How a body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Clean,
    Error(String),
}

impl End {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Clean => "clean end".to_owned(),
            Self::Error(why) => format!("error: {why}"),
        }
    }
}

/// A response whose head has come. Dropping it closes the connection.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    asked: Instant,
    body: Incoming,
    connection: JoinHandle<()>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

/// Where to ask, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub(crate) front: Front,
    pub(crate) port: u16,
    /// Where a forward proxy is to go on.
    pub(crate) forward_to: Option<u16>,
}

impl Reader {
    /// Asks, and waits so long for the head.
    pub(crate) async fn open(
        way: Way,
        path: &str,
        headers: &[(&str, &str)],
        patience: Duration,
    ) -> Result<Self, String> {
        let asked = Instant::now();
        let opening = Self::request(way, path, headers, asked);
        let opened = timeout(patience, opening).await;
        opened.unwrap_or_else(|_| Err("nothing".to_owned()))
    }

    async fn request(
        way: Way,
        path: &str,
        headers: &[(&str, &str)],
        asked: Instant,
    ) -> Result<Self, String> {
        let socket = TcpStream::connect(("127.0.0.1", way.port)).await;
        let io = TokioIo::new(socket.map_err(|error| error.to_string())?);
        let authority = format!("localhost:{}", way.forward_to.unwrap_or(way.port));
        let uri = match (way.front, way.forward_to) {
            (Front::Http1, None) => path.to_owned(),
            _ => format!("http://{authority}{path}"),
        };
        let mut request = Request::get(uri).header("accept", "text/event-stream");
        if way.front == Front::Http1 {
            request = request.header("host", authority);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Empty::<Bytes>::new())
            .map_err(|error| error.to_string())?;
        let (response, connection) = match way.front {
            Front::Http1 => {
                let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
                    .await
                    .map_err(told)?;
                let connection = tokio::spawn(async move { drop(connection.await) });
                (sender.send_request(request).await, connection)
            }
            Front::Http2 => {
                let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
                let (mut sender, connection) = handshake.await.map_err(told)?;
                let connection = tokio::spawn(async move { drop(connection.await) });
                (sender.send_request(request).await, connection)
            }
        };
        let (head, body) = response.map_err(told)?.into_parts();
        Ok(Self {
            status: head.status.as_u16(),
            headers: head.headers,
            asked,
            body,
            connection,
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The next piece and how long after the request it came; how the body ended; or `None` after this time.
    pub(crate) async fn next(
        &mut self,
        patience: Duration,
    ) -> Option<Result<(Duration, Bytes), End>> {
        let deadline = Instant::now() + patience;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(frame) = timeout(left, self.body.frame()).await else {
                return None;
            };
            match frame {
                None => return Some(Err(End::Clean)),
                Some(Err(error)) => return Some(Err(End::Error(told(error)))),
                Some(Ok(frame)) => {
                    // HTTP/2 ends with a frame that is empty.
                    if let Some(data) = frame.into_data().ok().filter(|data| !data.is_empty()) {
                        return Some(Ok((self.asked.elapsed(), data)));
                    }
                }
            }
        }
    }

    /// Everything that comes in this time, and the end if there is one.
    pub(crate) async fn collect(&mut self, time: Duration) -> (Vec<Bytes>, Option<End>) {
        let deadline = Instant::now() + time;
        let mut pieces = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.next(left).await {
                None => return (pieces, None),
                Some(Ok((_, piece))) => pieces.push(piece),
                Some(Err(end)) => return (pieces, Some(end)),
            }
        }
    }

    /// Reads on until the end, for so long: after how many seconds since the last piece, and how.
    pub(crate) async fn silence(&mut self, watched: Duration) -> Value {
        let deadline = Instant::now() + watched;
        let mut last = Instant::now();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.next(left).await {
                None => return json!({ "after_s": null, "watched_s": watched.as_secs() }),
                Some(Ok(_)) => last = Instant::now(),
                Some(Err(end)) => {
                    let after = last.elapsed().as_secs_f64().round();
                    return json!({ "after_s": after, "end": end.text() });
                }
            }
        }
    }
}

/// The innermost reason, in the words of the field.
fn told(error: hyper::Error) -> String {
    let mut reason: &dyn Error = &error;
    while let Some(deeper) = reason.source() {
        reason = deeper;
    }
    let text = reason.to_string();
    let known = [
        ("eset by peer", "reset"),
        ("Invalid chunk size", "broken chunk"),
        ("unexpected EOF", "no last chunk"),
        ("end of file before message length", "no last chunk"),
        (
            "connection closed before message completed",
            "closed without a response",
        ),
        ("unexpected internal error", "HTTP/2 reset, INTERNAL_ERROR"),
        ("stream no longer needed", "HTTP/2 reset, CANCEL"),
        ("unspecific protocol error", "HTTP/2 reset, PROTOCOL_ERROR"),
    ];
    let found = known.iter().find(|(part, _)| text.contains(part));
    found.map_or(text, |(_, words)| (*words).to_owned())
}
