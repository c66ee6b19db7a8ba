//! What follows from an end. In: a policy, the cause, and what came before it. Out: another attempt, a good end, or a
//! failure.
//!
//! Next: `decision.rs`, where the program has its say.

use http::Method;
use wellspring_proto::Failure;

use super::{EndOfBody, IncompleteEvent, Policy, Repeat};
use crate::fetch::FetchErrorKind;
use crate::outcome::cause::Cause;
use crate::outcome::ended::Ended;
use crate::transport::TransportErrorKind;

impl Policy {
    /// What comes after an end.
    pub(crate) fn verdict(&self, cause: &Cause, past: Past<'_>) -> Verdict {
        match cause {
            Cause::EndOfBody if past.terminal_event => Verdict::End(Ended::Complete),
            Cause::EndOfBody => {
                let reconnects = self.end_of_body == EndOfBody::Reconnect;
                if reconnects && self.repeats(past, true) {
                    Verdict::Reconnect
                } else if past.inside_event && self.incomplete_event == IncompleteEvent::Fail {
                    Verdict::Fail(Failure::InsideEvent)
                } else if past.awaits_terminal_event {
                    Verdict::Fail(Failure::Truncated)
                } else if reconnects {
                    Verdict::End(Ended::NotRepeated)
                } else {
                    Verdict::End(Ended::EndOfBody)
                }
            }
            Cause::Refused(refused) => match refused.failure() {
                Failure::Status(status) if self.retried_statuses.contains(&status) => {
                    Verdict::Reconnect
                }
                failure => Verdict::Fail(failure),
            },
            Cause::Limit(limit) => Verdict::Fail(Failure::Limit(*limit)),
            Cause::Fetch(error) if error.is_permanent() => Verdict::Fail(Failure::Permanent),
            Cause::Body(error) if error.kind().is_permanent() => Verdict::Fail(Failure::Permanent),
            _ if self.repeats(past, was_sent(cause)) => Verdict::Reconnect,
            _ if past.awaits_terminal_event && past.events > 0 => Verdict::Fail(Failure::Truncated),
            _ => Verdict::Fail(Failure::NotRepeated),
        }
    }

    fn repeats(&self, past: Past<'_>, was_sent: bool) -> bool {
        let idempotent = !was_sent || is_idempotent(past.method);
        match self.repeat {
            Repeat::Always => true,
            Repeat::Never => false,
            Repeat::Idempotent => idempotent,
            Repeat::IdempotentBeforeFirstEvent => idempotent && past.events == 0,
        }
    }
}

/// What came before an end.
#[derive(Clone, Copy)]
pub(crate) struct Past<'a> {
    pub(crate) method: &'a Method,
    /// Events that the program has taken, of all connections.
    pub(crate) events: u64,
    pub(crate) terminal_event: bool,
    /// The body came to its proper end inside an event.
    pub(crate) inside_event: bool,
    /// The program has said what the terminal event is.
    pub(crate) awaits_terminal_event: bool,
}

pub(crate) enum Verdict {
    Reconnect,
    End(Ended),
    Fail(Failure),
}

fn is_idempotent(method: &Method) -> bool {
    method.is_idempotent() || matches!(method.as_str(), "QUERY" | "PROPFIND" | "REPORT" | "SEARCH")
}

/// Whether the server may have got the request.
fn was_sent(cause: &Cause) -> bool {
    let Cause::Fetch(error) = cause else {
        return true;
    };
    let error = match error.kind() {
        FetchErrorKind::Transport(error) => error,
        FetchErrorKind::Hook(_) => return false,
        _ => return true,
    };
    !matches!(
        error.kind(),
        TransportErrorKind::Dns
            | TransportErrorKind::Connect
            | TransportErrorKind::ConnectTimeout
            | TransportErrorKind::Tls
            | TransportErrorKind::Proxy
    )
}

#[cfg(test)]
mod tests;
