//! What a scripted connection does, step by step. In: calls, one for each step. Out: a [`Script`].
//!
//! Next: `request.rs` is what such a connection heard.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Request;

/// The steps of one connection. After its last step the connection is closed in good order.
///
/// ```
/// use std::time::Duration;
/// use wellspring_testkit::server::Script;
///
/// let script = Script::new()
///     .expect_request()
///     .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n")
///     .pause(Duration::from_millis(5))
///     .send("data: half an ev")
///     .reset();
/// # let _ = script;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Request,
    AnswerBy(AnswerBy),
    Send(Vec<u8>),
    Pause(Duration),
    Gate,
    Reset,
    Hang,
}

/// Which script a request gets.
#[derive(Clone)]
pub(super) struct AnswerBy(pub(super) Arc<dyn Fn(&Request) -> Script + Send + Sync>);

impl fmt::Debug for AnswerBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswerBy")
    }
}

impl Script {
    /// A connection that is closed as soon as it is made.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a request and answers it with an event stream of this body, whose end is the close.
    #[must_use]
    pub fn event_stream(body: impl AsRef<[u8]>) -> Self {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
        Self::new().expect_request().send(head).send(body)
    }

    /// Reads a request and answers it with this status line and these header lines and no body:
    /// `Script::answer("301 Moved", &["Location: /there"])`.
    #[must_use]
    pub fn answer(status: &str, headers: &[&str]) -> Self {
        let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n");
        for header in headers {
            head += &format!("{header}\r\n");
        }
        Self::new().expect_request().send(head + "\r\n")
    }

    /// Waits for the whole of a request, its body included, and keeps it.
    #[must_use]
    pub fn expect_request(self) -> Self {
        self.step(Step::Request)
    }

    /// Writes bytes as they are.
    #[must_use]
    pub fn send(self, bytes: impl AsRef<[u8]>) -> Self {
        self.step(Step::Send(bytes.as_ref().to_vec()))
    }

    /// Writes bytes as one chunk of a `Transfer-Encoding: chunked` body; no bytes end that body.
    #[must_use]
    pub fn send_chunk(self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let size = format!("{:x}\r\n", bytes.len());
        self.send([size.as_bytes(), bytes, b"\r\n"].concat())
    }

    /// Does nothing for a while.
    #[must_use]
    pub fn pause(self, time: Duration) -> Self {
        self.step(Step::Pause(time))
    }

    /// Does nothing until the test calls [`open_gate`](super::ScriptedServer::open_gate).
    #[must_use]
    pub fn gate(self) -> Self {
        self.step(Step::Gate)
    }

    /// Ends the connection with a TCP reset, as a crash does.
    #[must_use]
    pub fn reset(self) -> Self {
        self.step(Step::Reset)
    }

    /// Sends nothing more and waits until the other side is gone.
    #[must_use]
    pub fn hang(self) -> Self {
        self.step(Step::Hang)
    }

    /// Reads a request, and goes on with the script for it.
    pub(super) fn answer_by(self, answer: Arc<dyn Fn(&Request) -> Self + Send + Sync>) -> Self {
        self.step(Step::AnswerBy(AnswerBy(answer)))
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}
