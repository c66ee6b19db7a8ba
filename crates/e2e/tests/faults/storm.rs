//! When things fail, and what has. In: a seed. Out: chance for all connections, and a count of each fault.
//!
//! Next: `proxy.rs`, where most of them happen.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use tokio::time::sleep;

/// What can happen to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A reset instead of an end.
    Reset,
    /// An end in the middle of whatever is being said; of TLS, without a word of farewell.
    Close,
    /// An end where a frame or record ends.
    CloseBetweenFrames,
    /// Nothing moves any more, and nobody is told.
    HalfOpen,
    /// A byte at a time, then a reset.
    Dribble,
    /// Held back for a while; half of it comes, then an end.
    Hoard,
    /// Nothing is read for a while, so that the server must wait; then a reset.
    NotReading,
    /// GOAWAY; streams may end in peace, but the connection does not last.
    GoAway,
    /// GOAWAY that disowns all streams, and an end.
    GoAwayAtOnce,
    /// The server resets a stream of HTTP/2, or cuts a response of HTTP/1.1.
    StreamReset,
}

impl Fault {
    pub(crate) const ALL: [Self; 10] = [
        Self::Reset,
        Self::Close,
        Self::CloseBetweenFrames,
        Self::HalfOpen,
        Self::Dribble,
        Self::Hoard,
        Self::NotReading,
        Self::GoAway,
        Self::GoAwayAtOnce,
        Self::StreamReset,
    ];
}

#[derive(Debug)]
pub(crate) struct Storm {
    raging: AtomicBool,
    random: Mutex<Rng>,
    counts: [AtomicU64; Fault::ALL.len()],
}

impl Storm {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            raging: AtomicBool::new(false),
            random: Mutex::new(Rng::with_seed(seed)),
            counts: Default::default(),
        })
    }

    pub(crate) fn begin(&self) {
        self.raging.store(true, Ordering::SeqCst);
    }

    pub(crate) fn end(&self) {
        self.raging.store(false, Ordering::SeqCst);
    }

    /// `true` if the fault is to happen; it counts.
    pub(crate) fn strikes(&self, fault: Fault) -> bool {
        let strikes = self.raging.load(Ordering::SeqCst);
        if strikes {
            self.counts[fault as usize].fetch_add(1, Ordering::SeqCst);
        }
        strikes
    }

    /// A number below this.
    pub(crate) fn below(&self, bound: usize) -> usize {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        random.usize(..bound)
    }

    pub(crate) fn disconnects(&self) -> u64 {
        let counts = self.counts.iter();
        counts.map(|count| count.load(Ordering::SeqCst)).sum()
    }

    /// Waits until this fault has happened.
    pub(crate) async fn struck(&self, fault: Fault) {
        while self.counts[fault as usize].load(Ordering::SeqCst) == 0 {
            sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) fn has_seen_all(&self) -> bool {
        let counts = self.counts.iter();
        counts
            .map(|count| count.load(Ordering::SeqCst))
            .all(|count| count > 0)
    }
}

impl fmt::Display for Storm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (fault, count)) in Fault::ALL.iter().zip(&self.counts).enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            write!(f, "{separator}{fault:?} {}", count.load(Ordering::SeqCst))?;
        }
        Ok(())
    }
}
