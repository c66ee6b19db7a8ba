//! What subscribers that do not read cost the axum and the hyper example, each in a process of its own:
//! this test program once more, told by a variable to serve. In: lines, each a size of events and how
//! many. Out: its port, then its counters, after each line.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../examples/axum.rs"]
mod axum_example;
#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../../server/examples/hyper.rs"]
mod hyper_example;

use std::io::{BufRead, BufReader, Read, Write, stdin};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use wellspring_server::{Channel, Drain, HistoryLimits};

const ROLE: &str = "WELLSPRING_STUCK_ROLE";
const MARK: &str = "stuck:";

const SUBSCRIBERS: usize = 100;

/// Published while they are there, in bytes: more than a socket takes in.
const PUBLISHED: usize = 24_000_000;
const SIZES: [usize; 3] = [1_000, 1_000_000, 8_000_000];

/// What each may cost, and by how much more a second crowd, in bytes: what is freed behind something that
/// lives, the allocator keeps for who comes next.
const EACH: u64 = 256 << 10;
const AGAIN: u64 = 64 << 10;

fn say(what: &str) {
    println!("\n{MARK}{what}");
    std::io::stdout().flush().unwrap();
}

/// The process. Does nothing unless it was started by [`Served::start`].
#[test]
#[ignore = "run by the other tests here"]
fn serve() {
    let Ok(role) = std::env::var(ROLE) else {
        return;
    };
    let limits = HistoryLimits::default().with_bytes(PUBLISHED / 3);
    let channel = Channel::builder().history(limits).build();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = runtime.block_on(listener).unwrap();
    say(&listener.local_addr().unwrap().port().to_string());
    let drain = Drain::over(Duration::ZERO);
    let served = channel.clone();
    runtime.spawn(async move {
        let forever = std::future::pending();
        match role.as_str() {
            "axum" => axum_example::serve(listener, served, forever, drain).await,
            _ => hyper_example::serve(listener, served, forever, drain).await,
        }
    });
    for line in stdin().lock().lines() {
        let line = line.unwrap();
        let (size, count) = line.split_once(' ').unwrap();
        let data = "x".repeat(size.parse().unwrap());
        for _ in 0..count.parse().unwrap() {
            channel.publish(data.as_str()).unwrap();
            sleep(Duration::from_micros(50));
        }
        // Whoever is not stuck by now takes what there is.
        sleep(Duration::from_millis(500));
        let stats = channel.stats();
        say(&format!("{} {}", stats.subscribers, stats.pinned_bytes));
    }
}

/// The process, seen from outside; killed when it is dropped.
struct Served {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Served {
    fn start(role: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "serve", "--nocapture"]);
        command.env(ROLE, role);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut served = Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        };
        let port = served.said();
        served.address.set_port(port.parse().unwrap());
        served
    }

    fn said(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "it has ended");
            if let Some((_, what)) = line.trim_end().split_once(MARK) {
                return what.to_owned();
            }
        }
    }

    /// Returns how many subscribers there are, and the bytes pinned for them.
    fn publish(&mut self, size: usize, count: usize) -> (usize, usize) {
        writeln!(self.input, "{size} {count}").unwrap();
        let said = self.said();
        let (subscribers, pinned) = said.split_once(' ').unwrap();
        (subscribers.parse().unwrap(), pinned.parse().unwrap())
    }

    /// What the process holds in memory that is neither a file nor shared, in bytes.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("RssAnon:"));
        let kibibytes = line.unwrap().split_whitespace().next().unwrap();
        kibibytes.parse::<u64>().unwrap() << 10
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that has asked for the stream, and does not read it.
async fn ask(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let socket = socket.connect(address).await.unwrap();
    let mut socket = socket.into_std().unwrap();
    socket.set_nonblocking(false).unwrap();
    let request = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.write_all(request).unwrap();
    let mut first = [0; 15];
    socket.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    socket
}

async fn measure(role: &str) {
    for size in SIZES {
        let mut served = Served::start(role);
        let count = PUBLISHED / size;
        served.publish(size, count);
        let before = served.resident();
        let mut most = [0, 0];
        for most in &mut most {
            let mut subscribers = Vec::new();
            for _ in 0..SUBSCRIBERS {
                subscribers.push(ask(served.address).await);
            }
            let (stuck, pinned) = served.publish(size, count);
            assert_eq!(stuck, SUBSCRIBERS);
            assert!(pinned > 0, "is anybody stuck?");
            *most = served.resident();
            drop(subscribers);
            sleep(Duration::from_secs(2));
            assert_eq!(served.publish(size, 0), (0, 0), "all of it is back");
        }
        let [first, second] = most.map(|most| most.saturating_sub(before) / SUBSCRIBERS as u64);
        let [shown, again] = [first, second].map(|bytes| bytes >> 10);
        println!("{role}, {size} bytes: {shown} KiB each, again {again}");
        assert!(first <= EACH && second <= first + AGAIN);
    }
}

#[tokio::test]
async fn subscribers_that_do_not_read_are_cheap_on_axum() {
    measure("axum").await;
}

#[tokio::test]
async fn subscribers_that_do_not_read_are_cheap_on_hyper() {
    measure("hyper").await;
}
