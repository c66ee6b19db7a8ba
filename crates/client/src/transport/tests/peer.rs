//! An HTTP/2 server whose requests the test answers itself.

use bytes::Bytes;
use h2::server::{Builder, SendResponse};
use h2::{RecvStream, SendStream};
use http::{Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{HttpTransport, SOON, TransportOptions};

/// One request and the number of the connection it came on.
pub(super) struct Asked {
    pub(super) connection: usize,
    pub(super) request: Request<RecvStream>,
    pub(super) respond: SendResponse<Bytes>,
}

impl Asked {
    /// Answers 200 and returns the body to write to.
    pub(super) fn open(&mut self) -> SendStream<Bytes> {
        self.respond
            .send_response(Response::new(()), false)
            .unwrap()
    }
}

pub(super) struct Peer {
    pub(super) address: std::net::SocketAddr,
    asked: mpsc::UnboundedReceiver<Asked>,
    acceptor: tokio::task::JoinHandle<()>,
}

impl Peer {
    pub(super) async fn start(builder: Builder) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, asked) = mpsc::unbounded_channel();
        let acceptor = tokio::spawn(async move {
            for connection in 0.. {
                let (socket, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(socket, builder.clone(), connection, tell.clone()));
            }
        });
        Self {
            address,
            asked,
            acceptor,
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/stream", self.address)
    }

    pub(super) async fn asked(&mut self) -> Asked {
        tokio::time::timeout(SOON, self.asked.recv())
            .await
            .expect("a request, soon")
            .unwrap()
    }

    /// Accepts no more connections.
    pub(super) fn stop(&self) {
        self.acceptor.abort();
    }
}

/// Reports the requests of one connection; one to `/go-away` makes it say goodbye, one to `/break` ends it at once.
pub(super) async fn serve<I>(
    io: I,
    builder: Builder,
    connection: usize,
    tell: mpsc::UnboundedSender<Asked>,
) where
    I: AsyncRead + AsyncWrite + Unpin,
{
    let Ok(mut server) = builder.handshake(io).await else {
        return;
    };
    while let Some(Ok((request, respond))) = server.accept().await {
        match request.uri().path() {
            "/go-away" => server.graceful_shutdown(),
            "/break" => return,
            _ => {}
        }
        let _ = tell.send(Asked {
            connection,
            request,
            respond,
        });
    }
}

pub(super) fn transport() -> HttpTransport {
    HttpTransport::new(TransportOptions::new().http2_prior_knowledge(true)).unwrap()
}
