//! What the machine needs of a response, and what it says next. In: nothing. Out: [`Response`],
//! [`Output`].
//!
//! Next: `machine.rs`.

use super::outcome::{Failure, Interruption};
use core::time::Duration;

/// Holds what the machine has to know of a response: its caller has read the head.
///
/// Redirects are followed before; this is the final response.
///
/// ```
/// use wellspring_proto::Response;
///
/// let good = Response { status: 200, event_stream: true, coded: false };
/// assert_eq!(good.failure(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "what the verdict depends on")]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Whether the essence of its MIME type is `text/event-stream`.
    pub event_stream: bool,
    /// Whether a content coding is left that changes the body's bytes and that the client does not decode.
    pub coded: bool,
}

impl Response {
    /// Returns why the standard fails the connection with this response; `None` if the response opens it. The
    /// status is judged first, then the MIME type, then the coding.
    ///
    /// ```
    /// use wellspring_proto::{Failure, Response};
    ///
    /// let response = Response { status: 204, event_stream: false, coded: false };
    /// assert_eq!(response.failure(), Some(Failure::Status(204)));
    /// ```
    #[must_use]
    pub const fn failure(self) -> Option<Failure> {
        if self.status != 200 {
            Some(Failure::Status(self.status))
        } else if !self.event_stream {
            Some(Failure::ContentType)
        } else if self.coded {
            Some(Failure::ContentCoding)
        } else {
            None
        }
    }
}

/// Says what the caller of a [`Machine`](crate::Machine) has to do, or to report, next.
///
/// | output | do | report to the program |
/// |---|---|---|
/// | `Connect` | fetch | |
/// | `Open` | read the body from now on | `open` |
/// | `Reconnecting` | drop the fetch; wait until [`poll_timeout`](crate::Machine::poll_timeout) | `error`, with the ready state connecting |
/// | `Failed` | drop the fetch | `error`, with the ready state closed |
/// | `Ended` | drop the fetch | the end, without an error |
///
/// ```
/// use wellspring_proto::{Decoder, Machine, Output, Reconnection};
///
/// let mut machine = Machine::new(Decoder::new(), Reconnection::default());
/// assert_eq!(machine.poll(), Some(Output::Connect { attempt: 1 }));
/// assert_eq!(machine.poll(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// Fetch, with [`Machine::last_event_id`](crate::Machine::last_event_id) as `Last-Event-ID` unless it is empty.
    Connect {
        /// Which attempt this is since a connection was last open, from 1.
        attempt: u32,
    },
    /// The connection is announced; the ready state is open.
    Open,
    /// The connection is lost and will be reestablished; the ready state is connecting. Drop what
    /// is left of the fetch.
    Reconnecting {
        /// Why.
        cause: Interruption,
        /// How long from the loss of the connection to the next attempt.
        delay: Duration,
        /// Which attempt that will be since a connection was last open, from 1.
        attempt: u32,
    },
    /// The connection has failed; the ready state is closed. Drop what is left of the fetch.
    Failed(Failure),
    /// The stream is complete, by a policy; the ready state is closed. Drop what is left of the fetch.
    Ended,
}
