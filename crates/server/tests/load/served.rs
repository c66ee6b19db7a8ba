//! The server as a process of its own: this test program once more, told by a variable to serve. In:
//! lines, each an event; an empty one asks for the counters. Out: its port, and the counters.

use std::fmt;
use std::io::{BufRead, Write, stdin, stdout};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpSocket;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{sleep, timeout};
use wellspring_server::{Channel, HistoryLimits};

use crate::PATIENCE;
use crate::server::Server;

/// Less than is published, so that whoever does not read falls out of it.
pub const HISTORY: usize = 256 << 10;

/// So that a subscriber that does not read is stuck soon, and not when megabytes fill the kernel.
const SEND_BUFFER: u32 = 16 << 10;

const ROLE: &str = "WELLSPRING_LOAD_ROLE";

/// What stands before what is meant for the parent, among what the test runner prints.
const MARK: &str = "served:";

/// The counters that matter here.
#[derive(Clone, Copy, Debug)]
pub struct Stats {
    pub joined: u64,
    pub history_bytes: u64,
    pub pinned_bytes: u64,
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [history, pinned] = [self.history_bytes, self.pinned_bytes].map(|bytes| bytes >> 10);
        write!(f, "{history} KiB of history, {pinned} KiB pinned")
    }
}

/// The process. Does nothing unless it was started by [`Served::start`].
pub fn serve() {
    if std::env::var_os(ROLE).is_none() {
        return;
    }
    let limits = HistoryLimits::default().with_bytes(HISTORY);
    let channel = Channel::builder().history(limits).build();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(SEND_BUFFER).unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let server =
        runtime.block_on(async { Server::on(socket.listen(4096).unwrap(), channel.clone()) });
    say(&server.address.port().to_string());
    for line in stdin().lock().lines() {
        match line.unwrap().as_str() {
            "" => {
                let stats = channel.stats();
                let numbers = [
                    stats.joined,
                    stats.history_bytes as u64,
                    stats.pinned_bytes as u64,
                ];
                say(&numbers.map(|number| number.to_string()).join(" "));
            }
            data => {
                channel.publish(data).unwrap();
            }
        }
    }
}

fn say(what: &str) {
    println!("\n{MARK}{what}");
    stdout().flush().unwrap();
}

/// The process, seen from outside.
pub struct Served {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    pub address: SocketAddr,
}

impl Served {
    pub async fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "serve", "--nocapture"]);
        command.env(ROLE, "server").kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut served = Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()).lines(),
            child,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        };
        let port = served.said().await;
        served.address.set_port(port.parse().unwrap());
        served
    }

    async fn said(&mut self) -> String {
        loop {
            let line = timeout(PATIENCE, self.output.next_line()).await.unwrap();
            let line = line.unwrap().unwrap();
            if let Some((_, what)) = line.split_once(MARK) {
                return what.to_owned();
            }
        }
    }

    pub async fn publish(&mut self, data: &str) {
        let line = format!("{data}\n");
        self.input.write_all(line.as_bytes()).await.unwrap();
        self.input.flush().await.unwrap();
    }

    pub async fn stats(&mut self) -> Stats {
        self.input.write_all(b"\n").await.unwrap();
        self.input.flush().await.unwrap();
        let said = self.said().await;
        let mut numbers = said.split(' ').map(|word| word.parse().unwrap());
        let mut next = || numbers.next().unwrap();
        Stats {
            joined: next(),
            history_bytes: next(),
            pinned_bytes: next(),
        }
    }

    /// Until so many have ever joined.
    pub async fn wait_for_joins(&mut self, number: usize) {
        let joined = async {
            while (self.stats().await.joined as usize) < number {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, joined).await.unwrap();
    }

    /// What the process holds in memory, in bytes; not the pages of its program.
    pub fn resident(&self) -> u64 {
        let id = self.child.id().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let kibibytes = line.unwrap().split_whitespace().next().unwrap();
        kibibytes.parse::<u64>().unwrap() << 10
    }

    pub async fn stop(mut self) {
        drop(self.input);
        timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap();
    }
}
