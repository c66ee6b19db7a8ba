//! `wellspring serve` as a process, and clients that speak HTTP/1 by hand: as well as badly. In: bytes.
//! Out: bytes.
//!
//! Next: `serve.rs`.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{PATIENCE, Program};

/// A server that runs; dropping it kills it.
pub(crate) struct Server {
    pub(crate) program: Program,
    pub(crate) origin: String,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// On a port that is free.
    pub(crate) async fn start(options: &[&str]) -> Self {
        let program = Program::start(&[&["serve", "--port", "0"], options].concat());
        Self::introduced(program).await
    }

    /// Reads what it says first.
    pub(crate) async fn introduced(mut program: Program) -> Self {
        let page = program.line().await.unwrap();
        let origin = page.strip_prefix("The page    ").unwrap();
        let origin = origin.trim_end_matches('/').to_owned();
        let stream = program.line().await.unwrap();
        assert_eq!(stream, format!("The stream  {origin}/events"));
        program.line().await.unwrap();
        let (_, port) = origin.rsplit_once(':').unwrap();
        Self {
            address: ([127, 0, 0, 1], port.parse().unwrap()).into(),
            origin,
            program,
        }
    }

    pub(crate) fn stream(&self) -> String {
        format!("{}/events", self.origin)
    }

    pub(crate) async fn write(&mut self, text: &str) {
        self.program.write(text).await;
    }

    /// Sends these bytes; the answer is still to be read.
    pub(crate) async fn send(&self, bytes: impl AsRef<[u8]>) -> Client {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(bytes.as_ref()).await.unwrap();
        Client { socket }
    }

    /// Asks for the stream, with these header lines.
    pub(crate) async fn subscribe(&self, headers: &str) -> Client {
        self.send(format!(
            "GET /events HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"
        ))
        .await
    }

    /// The whole answer to a request with these header lines.
    pub(crate) async fn ask(&self, request: &str, headers: &str) -> String {
        let head =
            format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        self.send(head).await.rest().await
    }

    /// The whole answer to a POST to the stream.
    pub(crate) async fn post(&self, headers: &str, body: &str) -> String {
        let length = body.len();
        let headers = format!("{headers}Content-Length: {length}\r\n");
        let request =
            format!("POST /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}");
        self.send(format!("{request}\r\n{body}")).await.rest().await
    }
}

pub(crate) struct Client {
    pub(crate) socket: TcpStream,
}

impl Client {
    /// Reads up to and including this text. Looks at each byte once or twice, however long that takes.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        let mut read = Vec::new();
        let reading = async {
            let mut looked = 0;
            while !contains(&read[looked..], end) {
                looked = read.len().saturating_sub(end.len());
                if self.socket.read_buf(&mut read).await.unwrap() == 0 {
                    break;
                }
            }
        };
        let in_time = timeout(PATIENCE, reading).await.is_ok();
        let text = String::from_utf8_lossy(&read).into_owned();
        let shown = text.chars().take(2_000).collect::<String>();
        assert!(in_time && text.contains(end), "{end:?} is not in {shown:?}");
        text
    }

    /// Reads to the end.
    pub(crate) async fn rest(mut self) -> String {
        let mut read = Vec::new();
        let reading = self.socket.read_to_end(&mut read);
        timeout(PATIENCE, reading).await.unwrap().unwrap();
        String::from_utf8_lossy(&read).into_owned()
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// The ids in a stream, in order.
pub(crate) fn ids(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("id: "))
        .collect()
}
