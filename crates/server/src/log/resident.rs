//! The count of bytes in shared buffers. In: buffers. Out: the same as [`Bytes`], counted until the last
//! holder lets go.
//!
//! The difference between this count and what the log itself holds is what others hold: frames on their way to
//! sockets. It is [`ChannelStats::pinned_bytes`](crate::ChannelStats::pinned_bytes). A buffer counts whole as long
//! as one slice of it is alive.
//!
//! Next: `log/segment.rs`, `log/large.rs` share them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

/// Counts the bytes of all shared buffers that are alive, wherever they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Resident(Arc<AtomicUsize>);

impl Resident {
    /// Shares the bytes, and counts them until the last holder lets go.
    pub(super) fn hold(&self, mut bytes: Vec<u8>) -> Bytes {
        bytes.shrink_to_fit();
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        let count = self.clone();
        Bytes::from_owner(Held { bytes, count })
    }

    /// Returns the bytes of all buffers that are alive.
    pub(super) fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A buffer that subtracts itself from the count when it is dropped.
struct Held {
    bytes: Vec<u8>,
    count: Resident,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.count.0.fetch_sub(self.bytes.len(), Ordering::Relaxed);
    }
}
