//! A proxy that does on purpose what real ones do to event streams. In: where the server is, and what to do. Out: a
//! port to ask instead.
//!
//! Next: `through.rs`.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// What is done to what passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meddling {
    Nothing,
    /// Sends the head after this time.
    KeepHead(Duration),
    /// Sends what has come each time this has passed.
    Collect(Duration),
    /// Sends the head, and nothing else.
    KeepBody,
    DropComments,
    /// Sends each second event only.
    DropEvents,
    /// Ends in good order after such a silence.
    CutSilence(Duration),
    /// Adds a header, takes one away, and says that caches may keep it.
    ChangeHeaders,
    /// Says so in place of the server.
    Refuse,
    /// Says that pages get it compressed, and sends them nothing more.
    Compress,
    /// Passes the end on as a reset.
    BreakOff,
}

/// Dropping it ends everything at once.
pub(super) struct Meddler {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Meddler {
    pub(super) async fn start(server: SocketAddr, meddling: Meddling) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    // One of the two is gone.
                    let _ = pass(client, server, meddling).await;
                });
            }
        });
        Self { address, task }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request, and its answer as a body of chunks, so that a good end can be told from a bad one.
async fn pass(mut client: TcpStream, server: SocketAddr, what: Meddling) -> std::io::Result<()> {
    let request = head(&mut client).await?;
    let as_page = request.contains("\r\naccept-encoding: gzip");
    if what == Meddling::Refuse {
        let refusal = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
        return client.write_all(refusal.as_bytes()).await;
    }
    let mut upstream = TcpStream::connect(server).await?;
    upstream.write_all(request.as_bytes()).await?;
    let mut answer = head(&mut upstream).await?;
    answer.truncate(answer.len() - 2);
    match what {
        Meddling::KeepHead(time) => sleep(time).await,
        Meddling::ChangeHeaders => {
            answer = answer.replace("X-Accel-Buffering: no\r\n", "");
            answer = answer.replace("no-store", "max-age=60") + "Via: 1.1 meddler\r\n";
        }
        Meddling::Compress if as_page => answer += "Content-Encoding: gzip\r\n",
        _ => {}
    }
    answer += "Transfer-Encoding: chunked\r\n\r\n";
    client.write_all(answer.as_bytes()).await?;
    if what == Meddling::KeepBody || (what == Meddling::Compress && as_page) {
        // Until the client is gone.
        return client.read(&mut [0]).await.map(drop);
    }
    body(&mut upstream, &mut client, what).await?;
    if what == Meddling::BreakOff {
        return client.set_zero_linger();
    }
    client.write_all(b"0\r\n\r\n").await
}

async fn body(from: &mut TcpStream, to: &mut TcpStream, what: Meddling) -> std::io::Result<()> {
    let (mut bytes, mut seen) = ([0; 4096], 0);
    loop {
        if let Meddling::Collect(time) = what {
            sleep(time).await;
        }
        let patience = match what {
            Meddling::CutSilence(time) => time,
            _ => Duration::from_secs(60),
        };
        let length = match timeout(patience, from.read(&mut bytes)).await {
            // A server that is lost looks as if it had ended.
            Err(_) | Ok(Err(_) | Ok(0)) => return Ok(()),
            Ok(Ok(length)) => length,
        };
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        let is_comment = text.starts_with(':');
        seen += usize::from(!is_comment);
        let dropped = match what {
            Meddling::DropComments => is_comment,
            Meddling::DropEvents => !is_comment && seen % 2 == 0,
            _ => false,
        };
        if !dropped {
            let chunk = format!("{:x}\r\n{text}\r\n", text.len());
            to.write_all(chunk.as_bytes()).await?;
        }
    }
}

async fn head(socket: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
