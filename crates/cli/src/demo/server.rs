//! The HTTP server of the demo. In: a port. Out: the page and the event stream, on loopback, until it
//! is told to stop; then it waits for the streams to end.
//!
//! Next: `page.rs`, and `news.rs` for the stream.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use wellspring_server::EventStream;

use crate::exit::Ending;
use crate::output::note;

use super::news::News;
use super::{STREAM, page};

/// Listens on loopback: on this port, or if it cannot be had on another.
pub(super) async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), Ending> {
    let bound = match bind(port).await {
        Err(error) if port != 0 => {
            let bound = bind(0).await;
            if let Ok((_, address)) = &bound {
                let why = match error.kind() {
                    io::ErrorKind::AddrInUse => "is taken".to_owned(),
                    _ => format!("cannot be had ({error})"),
                };
                note(&format!(
                    "wellspring: port {port} {why}; using {} instead",
                    address.port()
                ));
            }
            bound
        }
        bound => bound,
    };
    bound.map_err(|error| Ending::failed(format_args!("cannot listen on 127.0.0.1: {error}")))
}

async fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until the other end of `stop` is gone, and until every connection has ended after that.
pub(super) async fn serve(listener: TcpListener, news: News, mut stop: oneshot::Receiver<()>) {
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stop => break,
        };
        match accepted {
            Ok((socket, _)) => connect(socket, news.clone(), &connections),
            // Out of sockets, mostly: there will be some again.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    drop(listener);
    connections.shutdown().await;
}

fn connect(socket: TcpStream, news: News, connections: &GracefulShutdown) {
    // Events are small writes that should leave at once; without that they still leave.
    let _ = socket.set_nodelay(true);
    let service = service_fn(move |request| {
        let response = answer(&news, &request);
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(socket), service);
    tokio::spawn(connections.watch(connection));
}

fn answer(news: &News, request: &Request<Incoming>) -> Response<Either<Full<Bytes>, EventStream>> {
    let path = request.uri().path();
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut refused = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n");
        refused
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused.map(Either::Left);
    }
    if path == STREAM {
        return news.subscribe(request).map(Either::Right);
    }
    let found = page::file(path);
    let response = found.unwrap_or_else(|| text(StatusCode::NOT_FOUND, "Nothing here. Try /\n"));
    response.map(Either::Left)
}

fn text(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}
