//! In: connections. Out: event streams. Each opens with one event; what comes after that is up to the path: nothing on
//! `/idle`, on `/clock/N` events that say when they were written, to one of all streams after another, N of them.
//!
//! HTTP/1.1 and HTTP/2 with prior knowledge are on ports of their own. It runs in a process of its own.
//!
//! Next: `engines.rs`.

use super::now;
use super::text;
use bytes::Bytes;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\
    Transfer-Encoding: chunked\r\n\r\n";
/// The event that says that a stream is open.
pub(super) const OPEN: &str = "open";
/// Between two events of the clock.
const TICK: Duration = Duration::from_micros(500);
/// More than any run asks for, so that HTTP/2 never waits for a stream.
const STREAMS: u32 = 100_000;

/// Streams that wait for events of the clock.
type Clocked = Arc<Mutex<Vec<OwnedWriteHalf>>>;

/// A server in a process of its own, ended with this.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    pub(super) http1: SocketAddr,
    pub(super) http2: SocketAddr,
}

impl Server {
    pub(super) fn start(command: &str) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(text)?;
        let mut child = Command::new(program)
            .args([command, "--server"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(text)?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        io::BufRead::read_line(&mut io::BufReader::new(output), &mut line).map_err(text)?;
        let mut addresses = line.split_whitespace().map(str::parse::<SocketAddr>);
        let (Some(Ok(http1)), Some(Ok(http2))) = (addresses.next(), addresses.next()) else {
            return Err(format!("the server did not start: {line:?}"));
        };
        Ok(Self {
            child,
            http1,
            http2,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's own process; ends when it is killed.
pub(super) fn serve() -> Result<bool, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(text)?.block_on(async {
        let http1 = TcpListener::bind("127.0.0.1:0").await.map_err(text)?;
        let http2 = TcpListener::bind("127.0.0.1:0").await.map_err(text)?;
        println!(
            "{} {}",
            http1.local_addr().map_err(text)?,
            http2.local_addr().map_err(text)?
        );
        io::stdout().flush().map_err(text)?;
        tokio::spawn(async move {
            while let Ok((socket, _)) = http2.accept().await {
                tokio::spawn(serve_http2(socket));
            }
        });
        let clocked = Clocked::default();
        while let Ok((socket, _)) = http1.accept().await {
            tokio::spawn(serve_http1(socket, Arc::clone(&clocked)));
        }
        Ok(true)
    })
}

async fn serve_http1(socket: TcpStream, clocked: Clocked) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let (reader, mut writer) = socket.into_split();
    let mut reader = BufReader::new(reader);
    let mut first = String::new();
    reader.read_line(&mut first).await?;
    let mut line = String::new();
    while reader.read_line(&mut line).await? > 2 {
        line.clear();
    }
    writer.write_all(HEAD.as_bytes()).await?;
    writer.write_all(&chunk(OPEN)).await?;
    let path = first.split(' ').nth(1).unwrap_or_default();
    let streams = path.strip_prefix("/clock/").map(str::parse::<usize>);
    let Some(Ok(streams)) = streams else {
        // Held until the client goes away.
        reader.read_line(&mut line).await?;
        return Ok(());
    };
    let all = {
        let mut clocked = clocked.lock().unwrap_or_else(PoisonError::into_inner);
        clocked.push(writer);
        (clocked.len() == streams).then(|| std::mem::take(&mut *clocked))
    };
    match all {
        Some(streams) => tick(streams).await,
        None => Ok(()),
    }
}

/// Writes the time to one stream after another until one of them is gone.
async fn tick(mut streams: Vec<OwnedWriteHalf>) -> io::Result<()> {
    let mut turn = 0;
    loop {
        tokio::time::sleep(TICK).await;
        let stream = &mut streams[turn];
        stream
            .write_all(&chunk(&now().as_nanos().to_string()))
            .await?;
        turn = (turn + 1) % streams.len();
    }
}

fn chunk(data: &str) -> Vec<u8> {
    let event = format!("data: {data}\n\n");
    format!("{:x}\r\n{event}\r\n", event.len()).into_bytes()
}

async fn serve_http2(socket: TcpStream) -> Result<(), h2::Error> {
    let mut builder = h2::server::Builder::new();
    let mut connection = builder
        .max_concurrent_streams(STREAMS)
        .handshake::<_, Bytes>(socket)
        .await?;
    let mut held = Vec::new();
    while let Some(request) = connection.accept().await {
        let (_, mut respond) = request?;
        let head = http::Response::builder().header("content-type", "text/event-stream");
        let Ok(head) = head.body(()) else { break };
        let mut stream = respond.send_response(head, false)?;
        stream.send_data(Bytes::from(format!("data: {OPEN}\n\n")), false)?;
        held.push(stream);
    }
    Ok(())
}
