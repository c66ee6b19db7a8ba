//! Who reads, and how. In: an address. Out: for the healthy ones, when each event came.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use crate::PATIENCE;

/// An event: the mark, its number, when it was published, and padding.
const DATA: usize = 4 << 10;
const MARK: u8 = b'#';
const HEAD: usize = "#00000000 000000000000 ".len();

pub fn data(number: usize, published: Duration) -> String {
    let mark = char::from(MARK);
    let mut data = format!("{mark}{number:08} {:012} ", published.as_micros());
    data.extend(std::iter::repeat_n('x', DATA - data.len()));
    data
}

/// How long every event took, to how many.
pub struct Arrivals {
    events: usize,
    /// How often each time was seen, in steps of 100 µs; the last counts all that took longer.
    steps: Vec<AtomicU32>,
}

const STEP: Duration = Duration::from_micros(100);
const STEPS: usize = 300_000;

impl Arrivals {
    pub fn new(events: usize) -> Self {
        Self {
            events,
            steps: (0..STEPS).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    fn note(&self, time: Duration) {
        let step = usize::try_from(time.as_micros() / STEP.as_micros()).unwrap();
        self.steps[step.min(STEPS - 1)].fetch_add(1, Ordering::Relaxed);
    }

    /// Everybody must have got everything.
    pub fn percentiles<const N: usize>(
        &self,
        percents: [usize; N],
        readers: usize,
    ) -> [Duration; N] {
        let counts = || {
            self.steps
                .iter()
                .map(|n| n.load(Ordering::Relaxed) as usize)
        };
        let all: usize = counts().sum();
        assert_eq!(all, readers * self.events);
        percents.map(|percent| {
            let mut left = all * percent / 100;
            let step = counts().position(|count| {
                let here = left < count;
                left = left.saturating_sub(count);
                here
            });
            STEP * u32::try_from(step.unwrap() + 1).unwrap()
        })
    }
}

/// From one of several addresses, because each has 28,000 ports and a closed connection keeps its own for
/// a minute.
async fn connect(server: SocketAddr, receive_buffer: Option<u32>) -> TcpStream {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let nth = NEXT.fetch_add(1, Ordering::Relaxed);
    let socket = TcpSocket::new_v4().unwrap();
    if let Some(size) = receive_buffer {
        socket.set_recv_buffer_size(size).unwrap();
    }
    let source = Ipv4Addr::new(127, 0, 0, u8::try_from(nth % 8).unwrap() + 2);
    socket.bind((source, 0).into()).unwrap();
    let mut socket = socket.connect(server).await.unwrap();
    let request = b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
    socket.write_all(request).await.unwrap();
    socket
}

/// With a small window, so that one who does not read is stuck soon.
pub async fn small(server: SocketAddr) -> TcpStream {
    connect(server, Some(4096)).await
}

/// Reads events until the last.
pub async fn read_all(server: SocketAddr, begin: Instant, arrivals: Arc<Arrivals>) {
    let mut socket = connect(server, None).await;
    let mut bytes = Vec::with_capacity(2 * DATA);
    let mut next = 0;
    while next < arrivals.events {
        let read = timeout(PATIENCE, socket.read_buf(&mut bytes));
        assert_ne!(read.await.unwrap().unwrap(), 0, "ended early");
        let mut done = 0;
        while let Some(at) = memchr::memchr(MARK, &bytes[done..]) {
            done += at;
            let Some(head) = bytes.get(done + 1..done + HEAD) else {
                break;
            };
            let head = std::str::from_utf8(head).unwrap();
            let (number, published) = head.trim_end().split_once(' ').unwrap();
            assert_eq!(number.parse(), Ok(next), "in order");
            let published = Duration::from_micros(published.parse().unwrap());
            arrivals.note(begin.elapsed().saturating_sub(published));
            next += 1;
            done += HEAD;
        }
        // A mark that has come without all of its head stays.
        let kept = memchr::memchr(MARK, &bytes[done.min(bytes.len())..]);
        match kept {
            Some(_) => drop(bytes.drain(..done)),
            None => bytes.clear(),
        }
    }
}

/// A byte a second.
pub async fn trickle(server: SocketAddr) {
    let mut socket = small(server).await;
    while socket.read(&mut [0]).await.is_ok_and(|read| read > 0) {
        sleep(Duration::from_secs(1)).await;
    }
}

/// Joins, reads for up to ten seconds, leaves.
pub async fn come_and_go(server: SocketAddr, nth: usize) {
    let mut rng = fastrand::Rng::with_seed(nth as u64);
    let mut buffer = vec![0; 2 * DATA];
    loop {
        let mut socket = connect(server, None).await;
        let stay = Duration::from_millis(rng.u64(0..10_000));
        let reading = async { while socket.read(&mut buffer).await.is_ok_and(|read| read > 0) {} };
        let _ = timeout(stay, reading).await;
    }
}
