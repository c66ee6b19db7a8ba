//! A thousand sources of one origin. In: servers that allow so many streams a connection. Out: as few
//! connections as that implies, and nothing left when they are closed.
//!
//! Next: `it/browser.rs`.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed, and one that measures says what"
)]
#![cfg(target_os = "linux")]

#[path = "it/support.rs"]
mod support;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use allocation_counter::measure;
use bytes::Bytes;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::{alive_tasks, ms, next_data, quick, stream, tasks_settle_at};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use wellspring::EventSource;
use wellspring::transport::{HttpTransport, Transport, TransportOptions};
use wellspring_testkit::server::ScriptedServer;

/// Tests that count the files of the process run one after the other.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const SOURCES: usize = 1000;
/// Of each source, and of what a thousand leave behind.
const KIB: u64 = 1024;

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

async fn files_settle_at(most: usize) {
    let settled = async {
        while open_files() > most {
            tokio::time::sleep(ms(5)).await;
        }
    };
    let settled = tokio::time::timeout(Duration::from_secs(30), settled).await;
    assert!(settled.is_ok(), "{} files, not {most}", open_files());
}

/// An HTTP/2 server that answers each request with this body, which does not end.
struct Streams {
    url: String,
    accepted: Arc<AtomicUsize>,
}

impl Streams {
    async fn start(streams: u32, body: Bytes) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let accepted = Arc::new(AtomicUsize::new(0));
        let counting = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                counting.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(socket, streams, body.clone()));
            }
        });
        Self { url, accepted }
    }

    fn connections(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

async fn serve(socket: TcpStream, streams: u32, body: Bytes) {
    let mut builder = h2::server::Builder::new();
    let shaken = builder.max_concurrent_streams(streams).handshake(socket);
    let Ok(mut connection) = shaken.await else {
        return;
    };
    let mut held = Vec::new();
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        let response = http::Response::builder().header("content-type", "text/event-stream");
        let mut stream = respond
            .send_response(response.body(()).unwrap(), false)
            .unwrap();
        stream.send_data(body.clone(), false).unwrap();
        held.push(stream);
    }
}

fn http2() -> Arc<dyn Transport> {
    let options = TransportOptions::new().http2_prior_knowledge(true);
    Arc::new(HttpTransport::new(options).unwrap())
}

fn source(url: &str, transport: &Arc<dyn Transport>) -> EventSource {
    let builder = EventSource::builder(url).reconnection(quick());
    let builder = builder.shared_transport(Arc::clone(transport));
    builder.build().unwrap()
}

/// So many sources at once, each with its first event.
async fn open(count: usize, url: &str, transport: &Arc<dyn Transport>) -> Vec<EventSource> {
    let mut opening = JoinSet::new();
    for _ in 0..count {
        let mut source = source(url, transport);
        opening.spawn(async move {
            let event = source.next().await.unwrap().unwrap();
            assert_eq!(event.data, "a");
            source
        });
    }
    let all = tokio::time::timeout(Duration::from_secs(60), opening.join_all());
    all.await.unwrap()
}

/// Opens and closes a few, then a thousand; what they took, and that nothing is left of it.
async fn open_and_close(
    url: &str,
    transport: &Arc<dyn Transport>,
    connections: impl Fn() -> usize,
) -> usize {
    let (tasks, files, before) = (alive_tasks(), open_files(), connections());
    let sources = open(SOURCES, url, transport).await;
    let taken = connections() - before;
    let tasks_of_ours = alive_tasks() - tasks;
    assert!(
        tasks_of_ours <= 2 * taken,
        "{tasks_of_ours} tasks, {taken} connections"
    );
    let files_of_ours = open_files() - files;
    assert_eq!(files_of_ours, 2 * taken, "both ends are here");
    drop(sources);
    tasks_settle_at(tasks).await;
    files_settle_at(files).await;
    taken
}

/// Both ends of a thousand connections, where the process may open that many when it asks.
fn allow_files() {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(4096, |most| most.min(4096));
    if limit.current.is_some_and(|current| current < wanted) {
        let current = Some(wanted);
        setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

/// Runs on this thread alone, whose memory is measured, client and server together. What stays after
/// one round stays; a second one must add nothing.
fn measured(run: impl Fn() -> Pin<Box<dyn Future<Output = usize>>>) -> usize {
    let _alone = alone();
    allow_files();
    let mut taken = runtime().block_on(run());
    let memory = measure(|| taken = runtime().block_on(run()));
    let (most, left) = (memory.bytes_max / KIB, memory.bytes_current / KIB as i64);
    println!("{SOURCES} sources: {taken} connections, {most} KiB at the most, {left} KiB left");
    assert!(left < 256, "{left} KiB are left");
    taken
}

#[test]
fn a_thousand_over_http2_live_on_as_many_connections_as_the_limit_implies() {
    for (limit, connections) in [(100, 10), (300, 4)] {
        let taken = measured(move || {
            Box::pin(async move {
                let server = Streams::start(limit, Bytes::from("data: a\n\n")).await;
                open_and_close(&server.url, &http2(), || server.connections()).await
            })
        });
        assert_eq!(taken, connections, "{limit} streams a connection");
    }
}

#[test]
fn a_thousand_over_http1_live_on_a_thousand_connections() {
    let taken = measured(|| {
        Box::pin(async {
            let server = ScriptedServer::start_repeating(stream("data: a\n\n").hang()).await;
            let transport: Arc<dyn Transport> = Arc::new(HttpTransport::default());
            let url = server.url("/");
            let taken = open_and_close(&url, &transport, || server.connections()).await;
            server.ended(SOURCES).await;
            taken
        })
    });
    assert_eq!(taken, SOURCES);
}

/// On a thread of its own, whose memory is not measured: answers with a stream that begins, and waits.
fn wait_with_all() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let _ = std::io::Read::read(&mut socket, &mut [0; 2048]);
            let answer = format!("{}9\r\ndata: a\n\n\r\n", support::CHUNKED);
            std::io::Write::write_all(&mut socket, answer.as_bytes()).unwrap();
            held.push(socket);
        }
    });
    url
}

/// What a source that waits keeps on the heap: no buffer of a connection, least of all.
#[test]
fn a_source_that_waits_keeps_little() {
    const HELD: usize = 100;
    let _alone = alone();
    let (url, runtime) = (wait_with_all(), runtime());
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::default());
    let first = runtime.block_on(open(HELD, &url, &transport));
    let mut held = Vec::new();
    let memory = measure(|| {
        held = runtime.block_on(async {
            let mut sources = open(HELD, &url, &transport).await;
            for source in &mut sources {
                let mut next = source.next();
                let waits = poll_fn(|cx| Poll::Ready(Pin::new(&mut next).poll(cx).is_pending()));
                assert!(waits.await);
            }
            sources
        });
    });
    let each = memory.bytes_current / HELD as i64;
    println!("a source that waits keeps {each} bytes");
    assert!(each < 5 * KIB as i64 / 2, "{each} bytes");
    drop((first, held));
}

/// More than the window of a stream holds, for each of a hundred.
#[test]
fn sources_that_are_never_read_stall_none_of_their_connection() {
    let _alone = alone();
    runtime().block_on(a_hundred_of_which_twenty_are_never_read());
}

async fn a_hundred_of_which_twenty_are_never_read() {
    const EVENTS: usize = 1500;
    let mut body = String::from("data: a\n\n");
    for number in 0..EVENTS {
        body += &format!("data: {number:0500}\n\n");
    }
    let server = Streams::start(100, Bytes::from(body)).await;
    let transport = http2();
    let mut sources = open(100, &server.url, &transport).await;
    let unread = sources.split_off(80);
    let mut reading = JoinSet::new();
    for mut source in sources {
        reading.spawn(async move {
            for number in 0..EVENTS {
                let data = next_data(&mut source).await;
                assert_eq!(data.parse::<usize>().unwrap(), number);
            }
        });
    }
    let all = tokio::time::timeout(Duration::from_secs(60), reading.join_all());
    assert_eq!(all.await.unwrap().len(), 80);
    assert_eq!(server.connections(), 1);
    for mut source in unread {
        assert!(
            next_data(&mut source).await.ends_with('0'),
            "and lost nothing"
        );
    }
}
