//! Sources that have more than can be read at once. In: bodies in memory, in the process and on
//! sockets that are ready at every poll. Out: how long other tasks of a current-thread runtime waited.
//!
//! Next: `stall/faces.rs`.

#[cfg(feature = "gzip")]
mod coded;
mod faces;
#[cfg(feature = "http-transport")]
mod wire;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use wellspring::transport::Body;

/// How long a source has something at every poll, by the clock of the thread.
const LONG: Duration = Duration::from_millis(400);

/// The longest that others may wait. A debug build takes some ten times as long for everything.
const WORST: Duration = if cfg!(debug_assertions) {
    Duration::from_millis(200)
} else {
    Duration::from_millis(50)
};

/// A body that never has to be waited for.
struct Endless {
    chunk: Bytes,
    /// Once it was asked for.
    since: Option<Duration>,
}

impl Endless {
    fn new(chunk: impl Into<Bytes>) -> Self {
        Self {
            chunk: chunk.into(),
            since: None,
        }
    }

    fn body(chunk: impl Into<Bytes>) -> Body {
        Body::from_stream(Self::new(chunk))
    }
}

impl Stream for Endless {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let since = *self.since.get_or_insert_with(busy);
        let more = busy() - since < LONG;
        Poll::Ready(more.then(|| Ok(self.chunk.clone())))
    }
}

/// The smallest events there are, 64 KiB of them.
fn tiny_events() -> Bytes {
    Bytes::from("data\n\n".repeat(64 * 1024 / 6))
}

/// A task that wants to run every millisecond.
#[derive(Clone, Default)]
struct Ticker(Arc<Ticks>);

#[derive(Default)]
struct Ticks {
    last: Mutex<Duration>,
    worst: Mutex<Duration>,
}

impl Ticker {
    fn spawn(&self) {
        let ticker = self.clone();
        *self.0.last.lock().unwrap() = busy();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
                ticker.tick();
            }
        });
    }

    fn tick(&self) {
        let now = busy();
        let waited = now - std::mem::replace(&mut *self.0.last.lock().unwrap(), now);
        let mut worst = self.0.worst.lock().unwrap();
        *worst = waited.max(*worst);
    }

    /// Asserts that it never waited for long, until now.
    fn assert_ran(&self) {
        self.tick();
        let worst = *self.0.worst.lock().unwrap();
        assert!(worst < WORST, "others waited for {worst:?}");
    }
}

/// How long this thread has been running: other programs of the machine do not count.
#[cfg(target_os = "linux")]
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap()
}

#[cfg(not(target_os = "linux"))]
fn busy() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// Asserts that others have their turn while `work` is done, and that it is done at all.
fn assert_gives_way(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let ticker = Ticker::default();
        ticker.spawn();
        work.await;
        ticker.assert_ran();
    });
}
