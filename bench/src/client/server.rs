//! In: a lap. Out: a server on loopback that writes as many laps as the path says, as fast as the socket takes them.
//! It parses nothing but the path, so that it is never what is waited for.
//!
//! Next: `engines.rs`, who asks it.

use super::wire::Lap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\n\
    Content-Type: text/event-stream\r\n\
    Cache-Control: no-cache\r\n\
    Transfer-Encoding: chunked\r\n\r\n";

/// Serves until the process ends.
pub(crate) fn start(lap: Arc<Lap>) -> Result<SocketAddr, String> {
    let listener = TcpListener::bind("127.0.0.1:0");
    let listener = listener.map_err(|error| format!("cannot listen: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let lap = Arc::clone(&lap);
            // A client that has enough goes away in mid-stream.
            thread::spawn(move || serve(socket, &lap));
        }
    });
    Ok(address)
}

fn serve(mut socket: TcpStream, lap: &Lap) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let mut request = BufReader::new(socket.try_clone()?);
    let mut first = String::new();
    request.read_line(&mut first)?;
    let mut line = String::new();
    while request.read_line(&mut line)? > 2 {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let laps: u64 = path.trim_start_matches('/').parse().unwrap_or(0);
    socket.write_all(HEAD)?;
    for _ in 0..laps {
        socket.write_all(&lap.bytes)?;
    }
    socket.write_all(b"0\r\n\r\n")
}
