//! In: a server's address, how many subscribe, how many events may be in flight. Out: deliveries, and how long they
//! took. One thread, one epoll instance, one read for what a subscriber has: cheap enough that the server is what is
//! waited for.
//!
//! Next: `scan.rs` (what it looks for), `publisher.rs`, `run.rs` (who asks for it).

use super::publisher::Publisher;
use super::scan::Scan;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::time::Timespec;
use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// What all subscribe to, unless there is a choice.
const TARGET: &str = "/events";

/// How many connect before their answers are waited for: a listener's backlog may be short.
const AT_ONCE: usize = 64;

/// No event takes that long unless the server is stuck.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everybody who reads.
pub(crate) struct Load {
    epoll: OwnedFd,
    subscribers: Vec<Subscriber>,
    /// How many of them get each event.
    readers: usize,
    events: Vec<Event>,
    buffer: Vec<u8>,
    /// When each event was published, and how many have yet to read it.
    published: Vec<(Instant, usize)>,
    /// Events that everybody has read.
    complete: usize,
    /// Microseconds, one a delivery.
    latencies: Vec<u32>,
}

#[derive(Debug)]
struct Subscriber {
    socket: TcpStream,
    scan: Scan,
}

/// What a measured time came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deliveries {
    pub(crate) count: usize,
    pub(crate) wall: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load")
            .field("subscribers", &self.subscribers.len())
            .finish_non_exhaustive()
    }
}

impl Load {
    /// Connects them, and waits for the head of each response.
    pub(crate) fn connect(address: SocketAddr, subscribers: usize) -> Result<Self, String> {
        let all_the_same = |_| TARGET.to_owned();
        Self::connect_to(address, subscribers, subscribers, all_the_same)
    }

    /// Each to a target of its own, of which so many get each event.
    pub(crate) fn connect_to(
        address: SocketAddr,
        subscribers: usize,
        readers: usize,
        target: impl Fn(usize) -> String,
    ) -> Result<Self, String> {
        let failed = |error| format!("cannot make an epoll instance: {error}");
        let mut load = Self {
            epoll: epoll::create(CreateFlags::CLOEXEC).map_err(failed)?,
            subscribers: Vec::with_capacity(subscribers),
            readers,
            events: Vec::with_capacity(1024),
            buffer: vec![0; 64 << 10],
            published: Vec::new(),
            complete: 0,
            latencies: Vec::new(),
        };
        while load.subscribers.len() < subscribers {
            let here = load.subscribers.len();
            let there = subscribers.min(here + AT_ONCE);
            let connected = (here..there).map(|_| TcpStream::connect(address));
            let sockets: Result<Vec<_>, _> = connected.collect();
            for mut socket in sockets.map_err(|error| format!("cannot connect: {error}"))? {
                let request = request(&target(load.subscribers.len()));
                let written = socket.write_all(request.as_bytes());
                let added = written.and_then(|()| load.add(socket));
                added.map_err(|error| format!("cannot subscribe: {error}"))?;
            }
            for subscriber in &mut load.subscribers[here..] {
                subscriber.read_head(&mut load.buffer)?;
            }
        }
        Ok(load)
    }

    fn add(&mut self, socket: TcpStream) -> Result<(), std::io::Error> {
        socket.set_read_timeout(Some(PATIENCE))?;
        let data = EventData::new_u64(self.subscribers.len() as u64);
        let flags = EventFlags::IN | EventFlags::ET;
        epoll::add(&self.epoll, &socket, data, flags)?;
        self.subscribers.push(Subscriber {
            socket,
            scan: Scan::default(),
        });
        Ok(())
    }

    /// Has events published as soon as fewer than `in_flight` are not read by everybody, until the time is over, and
    /// waits for the last.
    pub(crate) fn run(
        &mut self,
        publisher: &mut Publisher,
        in_flight: usize,
        time: Duration,
    ) -> Result<Deliveries, String> {
        self.latencies.clear();
        let start = Instant::now();
        loop {
            let over = start.elapsed() >= time;
            while !over && self.published.len() - self.complete < in_flight {
                self.published.push((Instant::now(), self.readers));
                publisher.publish()?;
            }
            if self.complete == self.published.len() {
                break;
            }
            self.wait()?;
            publisher.forget_answers(&mut self.buffer)?;
        }
        let wall = start.elapsed();
        self.latencies.sort_unstable();
        let part = |percent: usize| {
            let at = self.latencies.len() * percent / 100;
            let micros = self.latencies.get(at).copied().unwrap_or(0);
            Duration::from_micros(micros.into())
        };
        Ok(Deliveries {
            count: self.latencies.len(),
            wall,
            p50: part(50),
            p99: part(99),
        })
    }

    /// Reads whatever is there, from everybody who has something.
    fn wait(&mut self) -> Result<(), String> {
        self.events.clear();
        let patience = Timespec::try_from(PATIENCE).map_err(|error| error.to_string())?;
        let spare = rustix::buffer::spare_capacity(&mut self.events);
        let ready = epoll::wait(&self.epoll, spare, Some(&patience));
        if ready.map_err(|error| format!("cannot wait: {error}"))? == 0 {
            let here = self.published.len() - self.complete;
            return Err(format!("{here} events have not come for {PATIENCE:?}"));
        }
        for event in &self.events {
            let index = event.data.u64() as usize;
            let subscriber = &mut self.subscribers[index];
            let before = subscriber.scan.next();
            subscriber.read(&mut self.buffer)?;
            let now = Instant::now();
            for number in before..subscriber.scan.next() {
                let Some((at, left)) = self.published.get_mut(number as usize) else {
                    return Err(format!("event {number} was never published"));
                };
                *left -= 1;
                self.complete += usize::from(*left == 0);
                let micros = now.duration_since(*at).as_micros();
                self.latencies.push(micros.try_into().unwrap_or(u32::MAX));
            }
        }
        Ok(())
    }
}

fn request(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n")
}

impl Subscriber {
    fn read_head(&mut self, buffer: &mut [u8]) -> Result<(), String> {
        let mut filled = 0;
        while !buffer[..filled].windows(4).any(|end| end == b"\r\n\r\n") {
            let read = self.socket.read(&mut buffer[filled..]);
            match read.map_err(|error| format!("no response: {error}"))? {
                0 => return Err("the connection was closed before the response".to_owned()),
                read => filled += read,
            }
        }
        if !buffer.starts_with(b"HTTP/1.1 200") {
            let head = String::from_utf8_lossy(&buffer[..filled]);
            return Err(format!("not a response to read: {head}"));
        }
        let nonblocking = self.socket.set_nonblocking(true);
        nonblocking.map_err(|error| error.to_string())
    }

    /// A read that does not fill the buffer has taken all there was.
    fn read(&mut self, buffer: &mut [u8]) -> Result<(), String> {
        loop {
            match self.socket.read(buffer) {
                Ok(0) => return Err("the server closed a connection".to_owned()),
                Ok(read) => {
                    self.scan.take(&buffer[..read])?;
                    if read < buffer.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(format!("cannot read: {error}")),
            }
        }
    }
}
