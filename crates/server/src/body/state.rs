//! What an event stream goes through. In: polls. Out: frames of at most 16 KiB: what stands ahead, what
//! the source has, comments in silence.
//!
//! A stream is polled for frames until there are none, so its order is: the opening, then what the source has,
//! then, when that has nothing, a comment if one is due. A frame of more than 16 KiB is split without a copy. The
//! end of the source is final: later polls return `None` again.
//!
//! Next: `body/generated.rs` and `channel/subscriber.rs` are sources.

use std::convert::Infallible;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::generated::Generated;
use crate::Resume;
use crate::channel::Subscriber;
use crate::keep_alive::{self, KeepAlive};
use crate::log::FRAME_BYTES;
use crate::opening::Opening;

/// An open event stream.
pub(super) struct State {
    /// Where events come from.
    pub(super) source: Source,
    /// `None` most of the time, and boxed, since each idle stream holds one.
    pub(super) ahead: Option<Box<Ahead>>,
    /// When the next comment is due.
    pub(super) keep_alive: KeepAlive,
    /// The outcome for the subscriber's last event ID, for the header of the response.
    pub(super) resume: Option<Box<Resume>>,
}

/// What goes out before the source is asked.
pub(super) enum Ahead {
    /// The first frame, encoded when it is sent.
    Opening(Opening),
    /// What did not fit the frame before.
    Rest(Bytes),
}

/// A channel, a stream of blocks, or nothing more.
pub(super) enum Source {
    Channel(Subscriber),
    Generated(Box<Generated>),
    Ended,
}

impl Source {
    /// What goes out in silence.
    fn comment(&mut self) -> Bytes {
        let comment = match self {
            Self::Channel(subscriber) => subscriber.comment(),
            _ => None,
        };
        comment.unwrap_or(Bytes::from_static(keep_alive::COMMENT))
    }
}

impl State {
    /// Returns the next frame.
    #[inline]
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(ahead) = self.ahead.take() {
            let bytes = match *ahead {
                Ahead::Opening(opening) => {
                    self.keep_alive.heard(None);
                    opening.encode()
                }
                Ahead::Rest(bytes) => bytes,
            };
            return self.frame(bytes);
        }
        // When what is sent was published, if that is known.
        let mut since = None;
        let polled = match &mut self.source {
            Source::Channel(subscriber) => subscriber.poll_frame(cx, &mut since),
            Source::Generated(generated) => generated.poll_frame(cx),
            Source::Ended => Poll::Ready(None),
        };
        match polled {
            Poll::Ready(Some(bytes)) => {
                self.keep_alive.heard(since);
                self.frame(bytes)
            }
            Poll::Ready(None) => {
                self.source = Source::Ended;
                self.keep_alive = KeepAlive::off();
                Poll::Ready(None)
            }
            Poll::Pending if self.keep_alive.poll(cx).is_ready() => {
                let comment = self.source.comment();
                self.frame(comment)
            }
            Poll::Pending => Poll::Pending,
        }
    }

    /// A frame of these bytes; what does not fit is left for the next one.
    #[inline]
    fn frame<E>(&mut self, bytes: Bytes) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        let bytes = match bytes.len() > FRAME_BYTES {
            true => self.split(bytes),
            false => bytes,
        };
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    #[cold]
    #[inline(never)]
    fn split(&mut self, mut bytes: Bytes) -> Bytes {
        let rest = bytes.split_off(FRAME_BYTES);
        self.ahead = Some(Box::new(Ahead::Rest(rest)));
        bytes
    }
}

#[cfg(test)]
mod tests;
