//! In: nothing, bytes, or any `http_body::Body`. Out: [`Body`], the one body type of requests and responses, which tells
//! a clean end from a broken one: the end is `None`, whatever was cut short is an error.
//! Next: `options.rs`.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Frame, SizeHint};

use crate::pace::Rounds;

use super::lent::{Lending, Piece};
use super::{TransportError, TransportErrorKind};

/// A request's or a response's body: empty, bytes in memory, or a stream.
///
/// Dropping a response's body cancels the request at once.
///
/// ```
/// use wellspring::transport::Body;
///
/// let body = Body::from("hello");
/// assert!(body.try_clone().is_some());
/// ```
#[derive(Default)]
pub struct Body {
    content: Content,
}

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    /// Boxed, so that a body that streams makes no room for it.
    Full(Box<Bytes>),
    Stream(Pin<Box<dyn http_body::Body<Data = Bytes, Error = TransportError> + Send>>),
    #[cfg_attr(
        not(feature = "http-transport"),
        expect(dead_code, reason = "only our own transport lends")
    )]
    Lending(Box<dyn Lending>),
}

impl Body {
    /// A body without a byte.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Any body; its errors become [`TransportErrorKind::Body`], a [`TransportError`] stays what it is.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use wellspring::transport::Body;
    ///
    /// let body = Body::new(http_body_util::Full::new(Bytes::from("hello")));
    /// assert!(body.try_clone().is_none(), "a stream can be read once");
    /// ```
    #[must_use]
    pub fn new<B>(body: B) -> Self
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        Self {
            content: Content::Stream(Box::pin(Adapted {
                body: Box::pin(body),
            })),
        }
    }

    /// A body of ours, which needs no adapting.
    #[cfg(feature = "http-transport")]
    pub(super) fn of_transport<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes, Error = TransportError> + Send + 'static,
    {
        Self {
            content: Content::Stream(Box::pin(body)),
        }
    }

    /// A body that lends what it reads to who takes it piece by piece.
    #[cfg(feature = "http-transport")]
    pub(super) fn lending(body: impl Lending + 'static) -> Self {
        Self {
            content: Content::Lending(Box::new(body)),
        }
    }

    #[cfg(all(test, feature = "http-transport"))]
    pub(super) fn lends(&self) -> bool {
        matches!(self.content, Content::Lending(_))
    }

    /// The same body again, if it is empty or in memory; `None` for a stream, which can be read once.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        let content = match &self.content {
            Content::Empty => Content::Empty,
            Content::Full(bytes) => Content::Full(bytes.clone()),
            Content::Stream(_) | Content::Lending(_) => return None,
        };
        Some(Self { content })
    }

    /// Returns what is in memory.
    ///
    /// # Errors
    /// The body itself, if it is a stream.
    pub fn try_bytes(self) -> Result<Bytes, Self> {
        match self.content {
            Content::Empty => Ok(Bytes::new()),
            Content::Full(bytes) => Ok(*bytes),
            Content::Stream(_) | Content::Lending(_) => Err(self),
        }
    }

    /// The next bytes, never empty ones; `None` at the clean end. Trailers are skipped.
    ///
    /// # Errors
    /// The body broke off; the error is terminal.
    pub fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        let mut rounds = Rounds::default();
        loop {
            match ready!(http_body::Body::poll_frame(Pin::new(&mut *self), cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Poll::Ready(Some(Ok(data))),
                    Ok(_) | Err(_) => ready!(rounds.poll_next(cx)),
                },
            }
        }
    }

    /// The same without a copy, where the body lends.
    pub(crate) fn poll_piece(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Piece, TransportError>>> {
        let Content::Lending(body) = &mut self.content else {
            let chunk = ready!(self.poll_chunk(cx));
            return Poll::Ready(chunk.map(|chunk| chunk.map(Piece::Owned)));
        };
        let lent = ready!(body.poll_lent(cx));
        if !matches!(lent, Some(Ok(_))) {
            self.content = Content::Empty;
        }
        Poll::Ready(lent.map(|lent| lent.map(Piece::Lent)))
    }

    /// Waits for the next bytes, as [`poll_chunk`](Self::poll_chunk) does. Cancelling loses nothing.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// use wellspring::transport::Body;
    ///
    /// let mut body = Body::from("hello");
    /// assert_eq!(body.next_chunk().await.unwrap().unwrap(), "hello");
    /// assert!(body.next_chunk().await.is_none());
    /// # });
    /// ```
    ///
    /// # Errors
    /// The body broke off; the error is terminal.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        let content = if bytes.is_empty() {
            Content::Empty
        } else {
            Content::Full(Box::new(bytes))
        };
        Self { content }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = match &mut self.content {
            Content::Empty => None,
            Content::Full(bytes) => Some(Ok(Frame::data(std::mem::take(&mut **bytes)))),
            Content::Stream(body) => {
                let frame = ready!(body.as_mut().poll_frame(cx));
                if matches!(frame, Some(Ok(_))) {
                    return Poll::Ready(frame);
                }
                frame
            }
            Content::Lending(body) => match ready!(body.poll_lent(cx)) {
                Some(Ok(lent)) => {
                    let bytes = Bytes::copy_from_slice(&lent);
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Err(error)) => Some(Err(error)),
                None => None,
            },
        };
        // Over, one way or the other: whatever is behind the body is let go of now, not when the body is dropped.
        self.content = Content::Empty;
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Empty => true,
            Content::Full(_) => false,
            Content::Stream(body) => body.is_end_stream(),
            Content::Lending(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Empty => SizeHint::with_exact(0),
            Content::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(body) => body.size_hint(),
            Content::Lending(body) => body.size_hint(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Empty => f.write_str("Body(empty)"),
            Content::Full(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Content::Stream(_) | Content::Lending(_) => f.write_str("Body(stream)"),
        }
    }
}

/// Someone else's body with our frames and errors.
struct Adapted<B> {
    body: Pin<Box<B>>,
}

impl<B> http_body::Body for Adapted<B>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(self.body.as_mut().poll_frame(cx));
        Poll::Ready(frame.map(|frame| match frame {
            Ok(frame) => Ok(frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))),
            Err(error) => Err(adapt_error(error.into())),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn adapt_error(error: Box<dyn Error + Send + Sync>) -> TransportError {
    match error.downcast::<TransportError>() {
        Ok(error) => *error,
        Err(error) => TransportError::caused_by(TransportErrorKind::Body, "", error),
    }
}
