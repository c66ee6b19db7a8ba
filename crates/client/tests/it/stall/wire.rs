//! Sockets on which a server keeps talking, and what HTTP skips.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use wellspring::transport::{HttpTransport, TransportOptions};
use wellspring::{EventSource, EventSourceBuilder, Signal};

use super::{assert_gives_way, tiny_events};

/// What a server says, in bytes.
const MUCH: usize = if cfg!(debug_assertions) {
    2 << 20
} else {
    16 << 20
};

/// On a thread of its own: says the first words, and then the same again and again.
fn talk(first: Vec<u8>, then: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 1024]);
        // Nobody reads on who cannot answer.
        let mut answers = socket.try_clone().unwrap();
        thread::spawn(move || io::copy(&mut answers, &mut io::sink()));
        let mut said = socket.write_all(&first);
        for _ in 0..MUCH / then.len() {
            said = said.and_then(|()| socket.write_all(&then));
        }
        let _ = socket.shutdown(Shutdown::Write);
    });
    address
}

/// Until it is lost.
fn assert_source_gives_way(source: EventSourceBuilder) {
    assert_gives_way(async {
        let mut source = source.build().unwrap();
        let mut signals = source.signals();
        while !matches!(
            signals.next().await,
            None | Some(Err(_) | Ok(Signal::Reconnecting(_)))
        ) {}
    });
}

#[test]
fn a_fast_server_gives_way() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    let address = talk(head.to_vec(), tiny_events().to_vec());
    assert_source_gives_way(EventSource::builder(format!("http://{address}/")));
}

#[test]
fn interim_responses_give_way() {
    let interim = b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(4000);
    let address = talk(Vec::new(), interim);
    assert_source_gives_way(EventSource::builder(format!("http://{address}/")));
}

const PREFACE: usize = 24;
const HEADERS: u8 = 1;
const PING: u8 = 6;

fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    let head = [0, 0, length, kind, flags, 0, 0, 0, stream];
    [&head[..], payload].concat()
}

/// Settings, and a stream: `:status: 200`, and `content-type: text/event-stream`.
fn opened() -> Vec<u8> {
    let head = [&b"\x88\x5f\x11"[..], b"text/event-stream"].concat();
    [frame(4, 0, 0, b""), frame(HEADERS, 4, 1, &head)].concat()
}

/// Pings, settings and empty frames, beside a stream that is open.
#[test]
fn frames_of_http2_give_way() {
    let settings = frame(4, 0, 0, b"");
    let open = opened();
    let interim = frame(HEADERS, 4, 1, b"\x08\x03103");
    let floods = [
        frame(PING, 0, 0, &[0; 8]),
        frame(8, 0, 0, &[0, 0, 0, 1]),
        frame(0, 0, 1, b""),
        frame(2, 0, 1, &[0, 0, 0, 3, 15]),
    ];
    let floods = floods.map(|flood| (open.clone(), flood));
    for (first, flood) in floods.into_iter().chain([(settings, interim)]) {
        let address = talk(first, flood.repeat(4000));
        let options = TransportOptions::new().http2_prior_knowledge(true);
        let transport = HttpTransport::new(options).unwrap();
        let source = EventSource::builder(format!("http://{address}/"));
        assert_source_gives_way(source.transport(transport));
    }
}

/// Answers a request, and each ping behind frames of more than a turn; `pinged` says that one has come.
fn answer_pings_late(socket: &mut TcpStream, pinged: &AtomicBool) -> io::Result<()> {
    socket.read_exact(&mut [0; PREFACE])?;
    loop {
        let mut head = [0; 9];
        socket.read_exact(&mut head)?;
        let length = u16::from_be_bytes([head[1], head[2]]);
        let mut payload = vec![0; length.into()];
        socket.read_exact(&mut payload)?;
        if head[3] == HEADERS {
            socket.write_all(&opened())?;
        } else if (head[3], head[4]) == (PING, 0) {
            pinged.store(true, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(100));
            let window_update = frame(8, 0, 0, &[0, 0, 0, 1]);
            socket.write_all(&window_update.repeat(40_000))?;
            socket.write_all(&frame(PING, 1, 0, &payload))?;
        }
    }
}

/// The program keeps its only thread busy meanwhile.
#[test]
fn an_answer_to_a_ping_counts_behind_a_turn_of_frames() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let pinged = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&pinged);
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        answer_pings_late(&mut socket, &asked)
    });
    let (often, soon) = (Duration::from_secs(1), Duration::from_secs(2));
    let options = TransportOptions::new().http2_prior_knowledge(true);
    let transport = HttpTransport::new(options.http2_keep_alive(often, soon)).unwrap();
    let source = EventSource::builder(format!("http://{address}/")).transport(transport);
    let mut source = source.build().unwrap();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(async {
        let mut lost = async |time| {
            let lost = async {
                loop {
                    let signal = source.next_signal().await.unwrap().unwrap();
                    if let Signal::Reconnecting(lost) = signal {
                        return lost.to_string();
                    }
                }
            };
            tokio::time::timeout(Duration::from_millis(time), lost).await
        };
        while !pinged.load(Ordering::SeqCst) {
            assert!(lost(10).await.is_err());
        }
        thread::sleep(Duration::from_secs(3));
        assert_eq!(lost(300).await.ok(), None);
    });
}
