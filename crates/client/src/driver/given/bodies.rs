//! Several bodies as one. In: bodies, one after the other. Out: a body, and a reset where each begins.
//!
//! Next: `../../transport/body.rs`.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Frame;

use super::Reset;
use crate::pace::Rounds;
use crate::transport::Body;

/// Bodies one after the other; each begins with a reset.
pub(crate) struct Bodies<S> {
    bodies: Pin<Box<S>>,
    current: Option<Body>,
    reset: Arc<Reset>,
}

impl<S> Bodies<S> {
    pub(crate) fn new(bodies: S, reset: Arc<Reset>) -> Self {
        Self {
            bodies: Box::pin(bodies),
            current: None,
            reset,
        }
    }
}

impl<S, B, E> http_body::Body for Bodies<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Body>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut rounds = Rounds::default();
        loop {
            if let Some(body) = &mut self.current {
                match ready!(body.poll_chunk(cx)) {
                    Some(Ok(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                    Some(Err(error)) => return Poll::Ready(Some(Err(Box::new(error)))),
                    None => {
                        self.current = None;
                        ready!(rounds.poll_next(cx));
                    }
                }
            }
            match ready!(self.bodies.as_mut().poll_next(cx)) {
                Some(Ok(body)) => {
                    self.reset.ask();
                    self.current = Some(body.into());
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => return Poll::Ready(None),
            }
        }
    }
}
