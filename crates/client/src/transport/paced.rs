//! A connection that is read in turns. In: the bytes of a connection. Out: the same bytes, with a break
//! for others after each 128 KiB.
//!
//! HTTP parsers read on until the socket has nothing more, and what they skip, such as interim
//! responses and pings, leads to nothing that anybody else could count.
//!
//! Next: `http1.rs`, `http2/driver.rs`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::wrapped::Reader;
use crate::pace::Pace;

impl Reader for Pace {
    fn poll_read<I: AsyncRead + Unpin>(
        &mut self,
        io: &mut I,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_proceed(cx));
        let before = buffer.filled().len();
        match Pin::new(io).poll_read(cx, buffer) {
            Poll::Ready(result) => {
                self.spend_bytes(buffer.filled().len() - before);
                Poll::Ready(result)
            }
            Poll::Pending => {
                self.rest();
                Poll::Pending
            }
        }
    }
}
