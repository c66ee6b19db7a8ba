//! A service with an event stream, and with everything that is none; and a client of bytes.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, UPGRADE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wellspring_server::{Channel, RequestBody, ServeLimits, Subscription, serve};

pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// More than the system holds for a client.
pub(super) const LARGE: &[u8] = &[b'-'; 8 << 20];

pub(super) type Answer = Response<UnsyncBoxBody<Bytes, std::io::Error>>;

/// `/events` is the channel's, without comments in silence; the rest is in [`answer`].
#[derive(Clone)]
pub(super) struct App {
    pub(super) channel: Channel,
}

impl tower_service::Service<Request<RequestBody>> for App {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let channel = self.channel.clone();
        Box::pin(async move { Ok(answer(channel, request).await) })
    }
}

async fn answer(channel: Channel, mut request: Request<RequestBody>) -> Answer {
    match request.uri().path() {
        "/events" => subscribe(&channel, &request),
        // The whole body first.
        "/read" => {
            let body = request.body_mut().collect().await.unwrap().to_bytes();
            channel.publish(&*String::from_utf8_lossy(&body)).unwrap();
            subscribe(&channel, &request)
        }
        // The body goes on while the stream runs.
        "/both" => {
            let response = subscribe(&channel, &request);
            tokio::spawn(async move {
                let body = request.into_body().collect().await.unwrap().to_bytes();
                channel.publish(&*String::from_utf8_lossy(&body)).unwrap();
            });
            response
        }
        "/upgrade" => upgrade(request),
        "/pieces" => pieces(&["data: a\n\n", "", "data: b\n\n"], None),
        "/large" => plain_of(LARGE),
        "/fails" => pieces(&["data: a\n\n"], Some("the source is gone")),
        _ => plain(),
    }
}

fn subscribe(channel: &Channel, request: &Request<RequestBody>) -> Answer {
    let stream = channel.subscribe(Subscription::from_request(request).unwrap());
    let response = stream.without_keep_alive().into_response();
    response.map(|body| body.map_err(|never| match never {}).boxed_unsync())
}

fn plain() -> Answer {
    plain_of(b"plain")
}

fn plain_of(bytes: &'static [u8]) -> Answer {
    let body = Full::new(Bytes::from_static(bytes));
    Response::new(body.map_err(|never| match never {}).boxed_unsync())
}

/// Gives back what it reads.
fn upgrade(mut request: Request<RequestBody>) -> Answer {
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut io = hyper_util::rt::TokioIo::new(upgrade.await.unwrap());
        let mut bytes = [0; 4];
        io.read_exact(&mut bytes).await.unwrap();
        io.write_all(&bytes).await.unwrap();
    });
    let mut response = plain();
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let echo = HeaderValue::from_static("echo");
    response.headers_mut().insert(UPGRADE, echo);
    response
}

/// A body that is none of ours.
fn pieces(pieces: &'static [&'static str], error: Option<&'static str>) -> Answer {
    let (sender, frames) = mpsc::channel(pieces.len() + 1);
    for piece in pieces {
        sender
            .try_send(Ok(Bytes::from_static(piece.as_bytes())))
            .unwrap();
    }
    if let Some(error) = error {
        sender.try_send(Err(std::io::Error::other(error))).unwrap();
    }
    let mut response = Response::new(Pieces(frames).boxed_unsync());
    let value = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(CONTENT_TYPE, value);
    response
}

struct Pieces(mpsc::Receiver<Result<Bytes, std::io::Error>>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let piece = self.0.poll_recv(cx);
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// A server at work.
pub(super) struct Served {
    pub(super) address: SocketAddr,
    pub(super) channel: Channel,
    pub(super) stop: oneshot::Sender<()>,
    pub(super) task: JoinHandle<()>,
}

impl Served {
    pub(super) async fn start() -> Self {
        Self::with(ServeLimits::default()).await
    }

    pub(super) async fn with(limits: ServeLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let channel = Channel::builder().epoch("e").unwrap().build();
        let app = App {
            channel: channel.clone(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async {
            let _ = stopped.await;
        };
        let serving = serve(listener, app).with_limits(limits);
        let serving = serving.with_graceful_shutdown(stopped);
        let task = tokio::spawn(async { serving.await.unwrap() });
        Self {
            address,
            channel,
            stop,
            task,
        }
    }

    pub(super) async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// A client that has sent this.
    pub(super) async fn send(&self, bytes: &[u8]) -> Client {
        let mut client = self.connect().await;
        client.0.write_all(bytes).await.unwrap();
        client
    }

    /// A client whose stream has begun.
    pub(super) async fn subscribe(&self) -> Client {
        let mut client = self.send(&get("/events")).await;
        client.read_until("\n\n").await;
        client
    }

    /// Waits until so many subscribe.
    pub(super) async fn count(&self, subscribers: usize) {
        let counted = async {
            while self.channel.subscriber_count() != subscribers {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let counted = timeout(PATIENCE, counted).await;
        let count = self.channel.subscriber_count();
        assert!(
            counted.is_ok(),
            "{count} instead of {subscribers} subscribers"
        );
    }
}

pub(super) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes()
}

pub(super) struct Client(pub(super) TcpStream);

impl Client {
    pub(super) async fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Reads until `end` has come.
    pub(super) async fn read_until(&mut self, end: &str) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(end.as_bytes()) {
            let read = timeout(PATIENCE, self.0.read_u8()).await;
            let text = String::from_utf8_lossy(&bytes);
            let Ok(Ok(byte)) = read else {
                panic!("{read:?} before {end:?}: {text}");
            };
            bytes.push(byte);
        }
        String::from_utf8(bytes).unwrap()
    }

    /// Reads until the connection ends, one way or the other.
    pub(super) async fn read_to_end(mut self) -> String {
        let mut bytes = Vec::new();
        let read = timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        assert!(read.is_ok(), "no end: {}", String::from_utf8_lossy(&bytes));
        String::from_utf8(bytes).unwrap()
    }
}
