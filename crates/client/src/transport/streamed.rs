//! In: chunks, as a stream. Out: a [`Body`].
//! Next: back to `body.rs`.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Frame;

use super::Body;

impl Body {
    /// The bytes of a stream. An error of the stream breaks the body off.
    ///
    /// ```
    /// use wellspring::transport::Body;
    /// use wellspring::EventSource;
    ///
    /// fn events_in<S>(stream: S) -> EventSource
    /// where
    ///     S: futures_core::Stream<Item = Result<Vec<u8>, std::io::Error>> + Send + 'static,
    /// {
    ///     EventSource::from_body(Body::from_stream(stream))
    /// }
    /// ```
    #[must_use]
    pub fn from_stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn Error + Send + Sync>> + 'static,
    {
        Self::new(Streamed(Box::pin(stream)))
    }
}

/// A body of chunks.
struct Streamed<S>(Pin<Box<S>>);

impl<S, B, E> http_body::Body for Streamed<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
{
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        let chunk = self.0.as_mut().poll_next(cx);
        chunk.map(|chunk| chunk.map(|chunk| chunk.map(|bytes| Frame::data(bytes.into()))))
    }
}
