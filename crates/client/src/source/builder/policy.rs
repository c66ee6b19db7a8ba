//! What a source does at the end of a connection, part by part. In: a policy, and settings that hold whatever the policy
//! says. Out: the builder with them.
//!
//! Next: `changes.rs`, which puts them together; `../../policy.rs`.

use std::sync::Arc;
use std::time::Duration;

use wellspring_proto::{OnLimit, Reconnection};

use super::EventSourceBuilder;
#[cfg(feature = "json")]
use crate::policy::finite::FiniteStream;
use crate::policy::{IncompleteEvent, Policy, Repeat};

impl EventSourceBuilder {
    /// Sets what to do when a connection ends: [`Policy::standard`] unless another is chosen. What
    /// [`reconnection`](Self::reconnection), [`idle_timeout`](Self::idle_timeout) and the other methods
    /// about a part of it set holds whatever the policy says, in any order.
    pub fn policy(self, policy: Policy) -> Self {
        self.set(|config| config.policy = Arc::new(policy))
    }

    /// Reads such a stream: the policy is [`Policy::finite`], and the last event of the stream, be it an error, is the
    /// [terminal event](Self::terminal_event). The feature `json` of this crate.
    ///
    /// ```
    /// use wellspring::{EventSource, FiniteStream};
    ///
    /// let source = EventSource::builder("https://api.example/v1/chat/completions")
    ///     .method("POST")
    ///     .header("content-type", "application/json")
    ///     .body(r#"{"stream":true}"#)
    ///     .finite_stream(FiniteStream::OpenAiChat)
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    #[cfg(feature = "json")]
    pub fn finite_stream(self, stream: FiniteStream) -> Self {
        self.policy(Policy::finite())
            .terminal_event(move |event| stream.is_last(event))
    }

    /// Sets which requests are repeated. [`Repeat::Idempotent`] in the standard policy: a source that asks
    /// with `POST` ends at the end of its first body, with [`Ended::NotRepeated`](crate::Ended::NotRepeated), and fails
    /// when that breaks off.
    pub fn repeat(mut self, repeat: Repeat) -> Self {
        self.changes.repeat = Some(repeat);
        self
    }

    /// Sets how long to wait between attempts.
    pub fn reconnection(mut self, reconnection: Reconnection) -> Self {
        self.changes.reconnection = Some(reconnection);
        self
    }

    /// Reconnects when a response, or a read of its body, has been waited for this long without a
    /// byte. Comments are bytes; time in which the program does not ask for events does not count.
    /// Off in the standard policy.
    pub fn idle_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.changes.idle_timeout = Some(timeout);
        self
    }

    /// Sets whether what exceeds the [limits](Self::limits) fails the source, as by default, or is skipped
    /// with a signal.
    pub fn on_limit(mut self, on_limit: OnLimit) -> Self {
        self.changes.on_limit = Some(on_limit);
        self
    }

    /// Sets what becomes of an event that a clean end of body has cut off: by default it is an error where the
    /// source ends, as servers and proxies that break look like this.
    /// [`Dispatch`](IncompleteEvent::Dispatch) is for servers that leave out the last blank line.
    pub fn incomplete_event(mut self, incomplete_event: IncompleteEvent) -> Self {
        self.changes.incomplete_event = Some(incomplete_event);
        self
    }
}
