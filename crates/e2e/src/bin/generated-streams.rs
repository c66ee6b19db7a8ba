//! Generated event streams for browsers and for our client. In: `--streams N`. Out: on the first line the port of a server
//! at 127.0.0.1 to 127.0.0.4 that has an empty page at `/`, a stream at `/1`, `/2` and so on, the same without NUL at
//! `/plain/1`, and the same with a letter for a line end that follows the BOM at `/blink/1`; then, a line of JSON for each
//! stream: what our client made of the one for Blink, `[[type, data, last event ID], …]`, and what it made of the one
//! without NUL, with the last event IDs that Gecko has (`docs/deviations.md`). It serves until its standard input ends.
//!
//! Next: `tests-js/differential.test.js`.

#![expect(clippy::print_stdout, reason = "a test reads it")]

use std::error::Error;
use std::io;
use std::net::Ipv4Addr;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use wellspring::{EventSource, Signal};
use wellspring_e2e::arguments::required;
use wellspring_testkit::generate;

const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<!doctype html><title>a page</title>";
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let streams: u64 = required("streams")?;
    let mut port = 0;
    for host in 1..=4 {
        let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, host), port)).await?;
        port = listener.local_addr()?.port();
        tokio::spawn(accept(listener));
    }
    println!("{port}");
    let url = format!("http://127.0.0.1:{port}");
    for seed in 1..=streams {
        // Nearly all of them are the same.
        let blink = trace(&format!("{url}/blink/{seed}")).await?;
        let plain = trace(&format!("{url}/plain/{seed}")).await?;
        let gecko = as_gecko(plain, &without_nul(generate::stream(seed)));
        println!("{}", serde_json::json!([blink, gecko]));
    }
    let mut nothing = Vec::new();
    tokio::io::stdin().read_to_end(&mut nothing).await?;
    Ok(())
}

async fn accept(listener: TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        // An error is a client that has gone.
        tokio::spawn(async move { answer(socket).await.ok() });
    }
}

/// What our client makes of a stream, until it has to come back for more.
async fn trace(url: &str) -> Result<Vec<[String; 3]>, Box<dyn Error>> {
    let mut source = EventSource::new(url)?;
    let mut signals = source.signals();
    let mut events = Vec::new();
    while let Some(signal) = signals.next().await {
        match signal? {
            Signal::Message(event) => {
                let parts = [event.event_type, event.data, event.last_event_id];
                events.push(parts.map(str::to_owned));
            }
            Signal::Reconnecting(_) => break,
            _ => {}
        }
    }
    Ok(events)
}

/// The same events with the last event IDs of a browser in which a block without data does not set it.
fn as_gecko(mut events: Vec<[String; 3]>, body: &[u8]) -> Vec<[String; 3]> {
    let text = String::from_utf8_lossy(body).replace("\r\n", "\n");
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let (mut last, mut id, mut data) = (String::new(), None, false);
    let mut ids = Vec::new();
    // What follows the last line end is no line.
    let end = text.rfind(['\r', '\n']).unwrap_or(0);
    for line in text[..end].split(['\r', '\n']) {
        match line.split_once(':').unwrap_or((line, "")) {
            ("id", value) => id = Some(value.strip_prefix(' ').unwrap_or(value)),
            ("data", _) => data = true,
            ("", "") if line.is_empty() => {
                match id.take() {
                    Some(id) if data => last = id.to_owned(),
                    _ => {}
                }
                if std::mem::take(&mut data) {
                    ids.push(last.clone());
                }
            }
            _ => {}
        }
    }
    for (event, id) in events.iter_mut().zip(ids) {
        event[2] = id;
    }
    events
}

fn without_nul(mut body: Vec<u8>) -> Vec<u8> {
    body.retain(|byte| *byte != 0);
    body
}

/// A line end right after the BOM is none to Blink: it becomes part of the next line, which so has another name.
fn as_blink(mut body: Vec<u8>) -> Vec<u8> {
    if body.starts_with(b"\xEF\xBB\xBF\r") || body.starts_with(b"\xEF\xBB\xBF\n") {
        body[3] = b'x';
    }
    body
}

async fn answer(socket: TcpStream) -> io::Result<()> {
    let mut socket = BufReader::new(socket);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (directory, seed) = path.rsplit_once('/').unwrap_or_default();
    let Ok(seed) = seed.parse() else {
        socket.write_all(PAGE.as_bytes()).await?;
        return socket.shutdown().await;
    };
    socket.write_all(HEAD.as_bytes()).await?;
    let body = generate::stream(seed);
    let body = match directory {
        "/plain" => without_nul(body),
        "/blink" => as_blink(body),
        _ => body,
    };
    let mut random = fastrand::Rng::with_seed(seed);
    let mut rest = body.as_slice();
    while !rest.is_empty() {
        let longest = [1, 3, 20, 4_096][random.usize(..4)];
        let (piece, others) = rest.split_at(rest.len().min(random.usize(1..=longest)));
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        socket.write_all(&chunk).await?;
        rest = others;
    }
    socket.write_all(b"0\r\n\r\n").await?;
    socket.shutdown().await
}
