//! hyper alone: a body that passes on what was encoded before. What is left when a server library costs nothing.

use super::fan_out::FanOut;
use super::{
    CURRENT_THREAD as ONE, Engine, MULTI_THREAD as MANY, Role, listener, on_current_thread,
    on_workers, publish_lines, text,
};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use ::hyper::body::{Body, Frame, Incoming};
use ::hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use ::hyper::server::conn::http1;
use ::hyper::service::service_fn;
use ::hyper::{Request, Response};
use bytes::Bytes;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tokio::sync::mpsc::Receiver;

pub(super) const CURRENT_THREAD: Engine = Engine {
    name: "hyper",
    runtime: ONE,
    role: Role::Floor,
    publishing: Publishing::Lines,
    serve: |listeners| on_current_thread(serve(listeners)),
};

pub(super) const MULTI_THREAD: Engine = Engine {
    name: "hyper-mt",
    runtime: MANY,
    serve: |listeners| on_workers(serve(listeners)),
    ..CURRENT_THREAD
};

struct Encoded(Receiver<Bytes>);

impl Body for Encoded {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let block = self.0.poll_recv(cx);
        block.map(|block| block.map(|block| Ok(Frame::data(block))))
    }
}

async fn serve(listeners: Listeners) -> Result<(), String> {
    let subscribers = FanOut::default();
    let publisher = subscribers.clone();
    tokio::spawn(publish_lines(listeners.publisher, move |line| {
        publisher.publish(line);
    }));
    let listener = listener(listeners.subscribers)?;
    loop {
        let (socket, _) = listener.accept().await.map_err(text)?;
        let subscribers = subscribers.clone();
        serve_connection(socket, move |_| {
            let mut response = Response::new(Encoded(subscribers.subscribe()));
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        });
    }
}

/// What a connection may have before it that was not yet written, in bytes.
const MOST_BUFFERED: usize = 64 << 10;

/// A task for the connection. Frames are copied side by side and written by `write`: for small ones that is cheaper
/// than a list of them for `writev`, and it takes less memory.
pub(super) fn serve_connection<B>(
    socket: TcpStream,
    answer: impl Fn(Request<Incoming>) -> Response<B> + Send + 'static,
) where
    B: Body<Data = Bytes, Error = Infallible> + Send + 'static,
{
    // What does not go out at once goes out with the next acknowledgement: that is not what is measured.
    let _ = socket.set_nodelay(true);
    let service = service_fn(move |request| ready(Ok::<_, Infallible>(answer(request))));
    let mut builder = http1::Builder::new();
    builder.writev(false).max_buf_size(MOST_BUFFERED);
    tokio::spawn(builder.serve_connection(TokioIo::new(socket), service));
}
