//! The server behind a proxy. In: a path that names a behaviour. Out: an event stream that behaves so, and what the
//! server saw of each request: its head, and when its connection ended.
//!
//! Next: `reader.rs`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// Between two events.
pub(crate) const TICK: Duration = Duration::from_millis(100);
/// Between two comments of a quiet stream: as our own server has it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What a program should send, and our own server does.
const OURS: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\
    Cache-Control: no-cache, no-transform\r\nX-Accel-Buffering: no\r\nWellspring-Resume: new\r\n\r\n";
/// The least that makes an event stream.
const BARE: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const EARLY_HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";

/// One request that came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: String,
    /// When the connection was found to be gone, while the stream was open.
    pub(crate) left: Option<Instant>,
}

/// Listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Origin {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&seen);
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, Arc::clone(&shared)));
            }
        });
        Self {
            address,
            seen,
            accepting,
        }
    }

    /// The requests for this path, which no two probes of a proxy share.
    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = format!(" {path} ");
        let of_path = seen.iter().filter(|seen| {
            let line = seen.head.lines().next().unwrap_or_default();
            // A forward proxy is given a whole URL.
            line.contains(&wanted)
        });
        of_path.cloned().collect()
    }
}

async fn answer(mut socket: TcpStream, seen: Arc<Mutex<Vec<Seen>>>) {
    let _ = socket.set_nodelay(true);
    let Some(head) = read_head(&mut socket).await else {
        return;
    };
    let is_old = head
        .lines()
        .next()
        .is_some_and(|line| line.ends_with("HTTP/1.0"));
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let index = {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(Seen { head, left: None });
        seen.len() - 1
    };
    let framing = match is_old {
        true => Framing::UntilClosed,
        false => Framing::Chunked,
    };
    let behaviour = path.trim_start_matches('/').split('/').next();
    let mut stream = Stream { socket, framing };
    if stream.play(behaviour.unwrap_or_default()).await.is_err() {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen[index].left = Some(Instant::now());
    }
}

async fn read_head(socket: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
        if head.len() > 65_536 {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// How a body is told from what follows it: nothing follows it for a proxy that asks in HTTP/1.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Chunked,
    UntilClosed,
}

/// A response on its way.
#[derive(Debug)]
struct Stream {
    socket: TcpStream,
    framing: Framing,
}

impl Stream {
    /// An error means that the other end has gone.
    async fn play(&mut self, behaviour: &str) -> std::io::Result<()> {
        match behaviour {
            "ours" => self.pieces(OURS, TICK, event).await,
            "bare" => self.pieces(BARE, TICK, event).await,
            "comments" => self.pieces(OURS, TICK, |_| ":\n".to_owned()).await,
            "big" => self.pieces(BARE, TICK, big_then_events).await,
            "commented" => self.pieces(OURS, KEEP_ALIVE, event_then_comments).await,
            "quiet" => self.pieces(OURS, Duration::from_secs(3_600), event).await,
            "fin" | "reset" => self.cut(behaviour).await,
            "103-together" => {
                let head = format!("{EARLY_HINTS}{OURS}");
                self.pieces(&head, TICK, event).await
            }
            "103-apart" => {
                self.socket.write_all(EARLY_HINTS.as_bytes()).await?;
                sleep(TICK).await;
                self.pieces(OURS, TICK, event).await
            }
            status => self.refuse(status).await,
        }
    }

    /// A head, and a piece each so often until the other end has gone.
    async fn pieces(
        &mut self,
        head: &str,
        tick: Duration,
        piece: impl Fn(u64) -> String,
    ) -> std::io::Result<()> {
        self.head(head).await?;
        let mut rest = [0; 256];
        for number in 1.. {
            self.piece(&piece(number)).await?;
            tokio::select! {
                () = sleep(tick) => {}
                got = self.socket.read(&mut rest) => if got? == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
        Ok(())
    }

    /// Three events, and an end in the middle of the body.
    async fn cut(&mut self, how: &str) -> std::io::Result<()> {
        self.head(OURS).await?;
        for number in 1..=3 {
            self.piece(&event(number)).await?;
            sleep(TICK).await;
        }
        if how == "reset" {
            #[allow(deprecated, reason = "zero seconds make a reset, and block nothing")]
            self.socket.set_linger(Some(Duration::ZERO))?;
            return Ok(());
        }
        self.socket.shutdown().await
    }

    async fn refuse(&mut self, status: &str) -> std::io::Result<()> {
        let length = if status == "204" {
            ""
        } else {
            "Content-Length: 0\r\n"
        };
        let head = format!(
            "HTTP/1.1 {status} Something\r\nRetry-After: 7\r\nConnection: close\r\n{length}\r\n"
        );
        self.socket.write_all(head.as_bytes()).await?;
        self.socket.shutdown().await
    }

    async fn head(&mut self, head: &str) -> std::io::Result<()> {
        let chunked = "Transfer-Encoding: chunked\r\n";
        let head = match self.framing {
            Framing::Chunked => head.to_owned(),
            Framing::UntilClosed => head.replace(chunked, ""),
        };
        self.socket.write_all(head.as_bytes()).await
    }

    async fn piece(&mut self, piece: &str) -> std::io::Result<()> {
        let piece = match self.framing {
            Framing::Chunked => format!("{:x}\r\n{piece}\r\n", piece.len()),
            Framing::UntilClosed => piece.to_owned(),
        };
        self.socket.write_all(piece.as_bytes()).await
    }
}

fn event(number: u64) -> String {
    format!("id: {number}\ndata: {number}\n\n")
}

fn event_then_comments(number: u64) -> String {
    match number {
        1 => event(number),
        _ => ":\n".to_owned(),
    }
}

/// The first is more than the least that some proxies compress.
fn big_then_events(number: u64) -> String {
    match number {
        1 => format!(":{}\n", " ".repeat(600)),
        _ => event(number),
    }
}
