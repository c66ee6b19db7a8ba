//! In: the bytes of a connection. Out: the same bytes, and for how long the peer has said nothing.
//! Next: back to `driver.rs`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Instant;

use crate::transport::wrapped::Reader;

/// When the peer last sent something.
pub(super) struct Activity {
    since: Instant,
    /// So many milliseconds after that.
    after: AtomicU64,
}

impl Activity {
    pub(super) fn start() -> Arc<Self> {
        Arc::new(Self {
            since: Instant::now(),
            after: AtomicU64::new(0),
        })
    }

    /// How long ago that was.
    pub(super) fn silence(&self) -> Duration {
        let after = Duration::from_millis(self.after.load(Ordering::Relaxed));
        self.since.elapsed().saturating_sub(after)
    }

    fn note(&self) {
        let after = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.after.store(after, Ordering::Relaxed);
    }
}

/// Notes when bytes come.
impl Reader for Arc<Activity> {
    fn poll_read<I: AsyncRead + Unpin>(
        &mut self,
        io: &mut I,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(io).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.note();
        }
        Poll::Ready(Ok(()))
    }
}
