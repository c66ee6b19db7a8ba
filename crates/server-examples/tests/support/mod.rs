//! A client that writes and reads bytes, and a thousand of them.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

pub mod serving;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub const PATIENCE: Duration = Duration::from_secs(20);

/// `GET /events` with these header lines, each with its line end.
pub async fn subscribe(address: SocketAddr, headers: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /events HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

/// Reads until `end` has come.
pub async fn read_until(socket: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    let reading = async {
        while !String::from_utf8_lossy(&bytes).contains(end) {
            let read = socket.read_buf(&mut bytes).await.unwrap();
            if read == 0 {
                return false;
            }
        }
        true
    };
    let found = timeout(PATIENCE, reading).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert_eq!(found, Ok(true), "{end:?} did not come: {text}");
    text
}

/// Reads until the connection ends.
pub async fn read_to_end(mut socket: TcpStream) -> String {
    let mut text = String::new();
    let read = timeout(PATIENCE, socket.read_to_string(&mut text));
    read.await.unwrap().unwrap();
    text
}

/// Streams that are open and have got their first bytes.
pub async fn open_streams(address: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        let mut socket = subscribe(address, "").await;
        let text = read_until(&mut socket, "\n\n").await;
        assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
        streams.push(socket);
    }
    streams
}

/// Reads all streams to their proper ends; gives the moments they came.
pub async fn ends(streams: Vec<TcpStream>, farewell: &str) -> Vec<Instant> {
    let readers: Vec<_> = streams
        .into_iter()
        .map(|socket| {
            tokio::spawn(async move {
                let text = read_to_end(socket).await;
                (text, Instant::now())
            })
        })
        .collect();
    let mut ends = Vec::new();
    for reader in readers {
        let (text, end) = reader.await.unwrap();
        assert!(text.contains(farewell), "{text}");
        assert!(text.ends_with("\r\n0\r\n\r\n"), "{text}");
        ends.push(end);
    }
    ends.sort_unstable();
    ends
}
