//! The next item of a stream, without a crate for it.
//!
//! Next: `requests.rs`, `follow.rs`.

use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;

pub(crate) async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}
