//! What a server allows its clients. In: numbers. Out: the same, for `accept.rs` and `head.rs`.
//!
//! Next: `connections.rs` counts.

use std::time::Duration;

/// As good as no limit. A longer time could not be added to a moment without overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Sets what a server allows its clients before a request is complete, and how many there may be.
///
/// | what | default | beyond it |
/// |---|---|---|
/// | [bytes of a head](Self::with_head_bytes) | 16 KiB | status 431, the connection closes |
/// | [time for a head](Self::with_head_time), a handshake included | 30 s | status 408, the connection closes |
/// | [heads being collected](Self::with_heads) | 4,096 | the client that has waited longest, if at least a second, gets 503; until then no connection is accepted |
/// | [connections](Self::with_connections) | none | status 503, the connection closes |
///
/// ```
/// use std::time::Duration;
/// use wellspring_server::ServeLimits;
///
/// let limits = ServeLimits::default()
///     .with_connections(100_000)
///     .with_heads(10_000)
///     .with_head_time(Duration::from_secs(10));
/// # let _ = limits;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct ServeLimits {
    pub(super) head_bytes: usize,
    pub(super) head_time: Duration,
    pub(super) heads: usize,
    pub(super) connections: usize,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            head_bytes: 16 << 10,
            head_time: Duration::from_secs(30),
            heads: 4096,
            connections: usize::MAX,
        }
    }
}

impl ServeLimits {
    /// Sets how many bytes the head of a request may have: its first line and its header lines. Later requests
    /// on the same connection may have 64 KiB, if that is more.
    pub fn with_head_bytes(self, head_bytes: usize) -> Self {
        Self { head_bytes, ..self }
    }

    /// Sets how long a client may take until the head of its request is complete, from accepting on. Later
    /// requests on the same connection have as long, from the end of the response before. At most a year.
    pub fn with_head_time(self, head_time: Duration) -> Self {
        let head_time = head_time.min(LONGEST);
        Self { head_time, ..self }
    }

    /// Sets how many connections may be without the whole head of their first request at a time, at least 1.
    /// Each holds what it has sent of its head, so this many times
    /// [`with_head_bytes`](Self::with_head_bytes) bounds the memory of clients that send half a head and stop.
    pub fn with_heads(self, heads: usize) -> Self {
        let heads = heads.max(1);
        Self { heads, ..self }
    }

    /// Sets how many connections may be open at a time. Those that were upgraded no longer count.
    pub fn with_connections(self, connections: usize) -> Self {
        Self {
            connections,
            ..self
        }
    }
}
