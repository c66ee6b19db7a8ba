//! Where a program decides for itself. In: the end of a connection. Out: what the program makes of it,
//! or what its policy does.
//!
//! Next: `../driver/end.rs`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use wellspring_proto::{EventRef, Failure};

use crate::outcome::cause::Cause;
use crate::outcome::ended::Ended;
use crate::policy::attempt::BeforeAttempt;
use crate::policy::verdict::Verdict;

/// How a connection, or an attempt at one, came to its end; what a
/// [decision hook](crate::EventSourceBuilder::on_end) is asked about.
///
/// ```
/// use wellspring::{Cause, Decision, End};
///
/// fn decide(end: &End<'_>) -> Decision {
///     match end.cause {
///         Cause::Refused(refused) if refused.status == 404 => Decision::Stop,
///         Cause::EndOfBody if end.events == 0 => Decision::Fail,
///         _ => Decision::Default,
///     }
/// }
/// # let _ = decide;
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct End<'a> {
    /// What happened. [`Cause::Refused`] has the status, the headers and the beginning of the body.
    pub cause: &'a Cause,
    /// How many events of this connection the program has taken.
    pub events: u64,
    /// Whether the last of them was the
    /// [terminal event](crate::EventSourceBuilder::terminal_event), or the program has said that the
    /// stream is [complete](crate::Handle::complete).
    pub terminal_event: bool,
    /// Whether the body came to its proper end inside an event, which is lost. See
    /// [`IncompleteEvent`](crate::IncompleteEvent).
    pub inside_event: bool,
    /// How many attempts there have been since a connection was last open, this one included; 0 when
    /// this one was open.
    pub attempts: u32,
}

/// What a [decision hook](crate::EventSourceBuilder::on_end) makes of an end.
///
/// ```
/// use std::time::Duration;
/// use wellspring::Decision;
///
/// assert_ne!(Decision::Reconnect, Decision::ReconnectAfter(Duration::from_secs(1)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// What the policy says.
    #[default]
    Default,
    /// Another attempt, after the wait of the policy. The policy's limits on attempts hold.
    Reconnect,
    /// Another attempt, not before this time; jitter comes on top after a failure, and the
    /// reconnection time is still the least.
    ReconnectAfter(Duration),
    /// The source is closed, without an error.
    Stop,
    /// The source fails.
    Fail,
}

/// The program's own part in ends.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) on_end: Option<OnEnd>,
    pub(crate) terminal_event: Option<TerminalEvent>,
    pub(crate) before_attempt: Option<BeforeAttempt>,
}

#[derive(Clone)]
pub(crate) struct OnEnd(pub(crate) Arc<dyn Fn(&End<'_>) -> Answer + Send + Sync>);

/// What a hook answers.
pub(crate) enum Answer {
    Now(Decision),
    Later(BoxFuture<'static, Decision>),
}

#[derive(Clone)]
pub(crate) struct TerminalEvent(pub(crate) Arc<dyn Fn(EventRef<'_>) -> bool + Send + Sync>);

impl Hooks {
    pub(crate) fn ask(&self, end: &End<'_>) -> Answer {
        match &self.on_end {
            Some(OnEnd(hook)) => hook(end),
            None => Answer::Now(Decision::Default),
        }
    }
}

impl Decision {
    /// What it comes to, and how long another attempt waits at the least. What a server asks for
    /// counts as at most `ceiling`.
    pub(crate) fn verdict(
        self,
        cause: &Cause,
        standing: Verdict,
        ceiling: Duration,
    ) -> (Verdict, Duration) {
        let asked = match cause {
            Cause::Refused(refused) => refused.retry_after().unwrap_or_default().min(ceiling),
            _ => Duration::ZERO,
        };
        match self {
            Self::Default => (standing, asked),
            Self::Reconnect => (Verdict::Reconnect, asked),
            Self::ReconnectAfter(time) => (Verdict::Reconnect, time),
            Self::Stop => (Verdict::End(Ended::ByHook), asked),
            Self::Fail => match standing {
                Verdict::Fail(failure) => (Verdict::Fail(failure), asked),
                _ => (Verdict::Fail(Failure::ByHook), asked),
            },
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}
