//! A server that speaks bytes: it accepts connections and hands them to the test.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::SOON;

pub(super) struct Server {
    listener: TcpListener,
}

impl Server {
    pub(super) async fn start() -> Self {
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
        }
    }

    pub(super) fn address(&self) -> String {
        self.listener.local_addr().unwrap().to_string()
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/stream?x=1", self.address())
    }

    pub(super) async fn accept(&self) -> TcpStream {
        tokio::time::timeout(SOON, self.listener.accept())
            .await
            .expect("a connection, soon")
            .unwrap()
            .0
    }

    /// Accepts one request and answers with these bytes; the connection stays open as long as what is returned.
    pub(super) async fn answer(&self, response: &[u8]) -> (Vec<u8>, TcpStream) {
        let mut socket = self.accept().await;
        let head = read_head(&mut socket).await;
        socket.write_all(response).await.unwrap();
        (head, socket)
    }
}

pub(super) async fn read_head(socket: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.expect("a whole head"));
    }
    head
}

/// Waits until the other side is gone.
pub(super) async fn is_closed(socket: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    tokio::time::timeout(SOON, socket.read_to_end(&mut rest))
        .await
        .is_ok()
}
