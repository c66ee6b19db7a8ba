//! In: a stream that is always ready. Out: its items, polled by hand: no runtime, no waker that wakes.
//!
//! Next: `sse_stream.rs`, `sseer.rs` and `eventsource_stream.rs`, which exist only as streams.

use futures_core::Stream;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// A stream of pieces that are there already; it never fails.
#[derive(Debug)]
pub(super) struct Ready<I>(pub(super) I);

impl<I: Iterator + Unpin> Stream for Ready<I> {
    type Item = Result<I::Item, Infallible>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

/// Takes every item of the stream.
#[inline]
pub(super) fn drain<S: Stream>(stream: S, mut take: impl FnMut(S::Item)) {
    let mut stream = pin!(stream);
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(item)) = stream.as_mut().poll_next(&mut context) {
        take(item);
    }
}
