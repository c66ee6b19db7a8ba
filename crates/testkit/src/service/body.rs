//! The body of a scripted answer. In: its parts. Out: frames, an error, the end, or nothing for ever.
//!
//! Next: `../tests` of the crates that read such bodies.

use super::Over;
use super::answer::Part;
use bytes::Bytes;
use http_body::Frame;
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The body of an [`Answer`](super::Answer).
pub struct ScriptedBody {
    parts: VecDeque<Part>,
    over: Over,
    /// Whether the frames before have had the time to be seen.
    paused: bool,
}

impl ScriptedBody {
    pub(super) fn new(parts: Vec<Part>, over: Over) -> Self {
        Self {
            parts: parts.into(),
            over,
            paused: false,
        }
    }
}

impl http_body::Body for ScriptedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        let bytes = match this.parts.front_mut() {
            None => return Poll::Ready(None),
            Some(Part::Hang) => return Poll::Pending,
            // Servers write what they hold when they have to wait, and throw it away when they fail.
            Some(Part::Break) if !this.paused => {
                this.paused = true;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Part::Break) => {
                this.parts.clear();
                let broken = io::Error::other("the script breaks off here");
                return Poll::Ready(Some(Err(broken)));
            }
            Some(Part::Repeat(bytes, count)) if *count > 1 => {
                *count -= 1;
                bytes.clone()
            }
            Some(Part::Send(bytes) | Part::Repeat(bytes, _)) => {
                let bytes = std::mem::take(bytes);
                this.parts.pop_front();
                bytes
            }
        };
        this.over.count_sent(bytes.len());
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }
}

impl fmt::Debug for ScriptedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedBody")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
