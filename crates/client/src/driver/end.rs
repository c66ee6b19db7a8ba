//! What becomes of a connection, or of an attempt at one, that is over. In: its cause. Out: what the
//! policy and then the program make of it, told to the machine.
//!
//! Next: `../policy.rs`, `../policy/decision.rs`.

use std::task::{Context, Poll};

use http::StatusCode;

use super::Driver;
use super::undecided::Undecided;
use crate::driver::connection::Connection;
use crate::outcome::cause::Cause;
use crate::outcome::ended::Ended;
use crate::policy::IncompleteEvent;
use crate::policy::decision::{Answer, Decision, End, TerminalEvent};
use crate::policy::verdict::{Past, Verdict};

impl Driver {
    /// The stream is complete: the terminal event is taken, or the program says so. An end that is not
    /// decided about is this one then.
    pub(super) fn take_complete(&mut self) -> bool {
        let told = self.shared.take_complete();
        let complete = std::mem::take(&mut self.items.terminal) || told;
        match &mut self.undecided {
            Some(undecided) if complete => {
                undecided.standing = Verdict::End(Ended::Complete);
                false
            }
            _ => complete,
        }
    }

    /// What is dispatched now is taken before the end comes again.
    pub(super) fn handle_end_of_body(&mut self) {
        let pending = self.machine.has_pending_data();
        if pending && self.config.policy.incomplete_event == IncompleteEvent::Dispatch {
            return self.machine.dispatch_pending(&mut self.items.batch);
        }
        let complete = pending && self.is_terminal_event_pending();
        self.inside_event = pending && !complete;
        self.handle_end(Cause::EndOfBody, complete);
    }

    fn is_terminal_event_pending(&mut self) -> bool {
        let Some(TerminalEvent(is_terminal)) = &self.config.hooks.terminal_event else {
            return false;
        };
        let pending = self.machine.take_pending();
        pending.is_some_and(|event| is_terminal(event.as_event_ref()))
    }

    pub(super) fn handle_end(&mut self, cause: Cause, terminal_event: bool) {
        let hooks = &self.config.hooks;
        let inside_event = self.inside_event && !terminal_event;
        let past = Past {
            method: self.request.method(),
            events: self.items.events,
            terminal_event,
            inside_event,
            awaits_terminal_event: hooks.terminal_event.is_some(),
        };
        let end = End {
            cause: &cause,
            events: self.items.events - self.items.events_before,
            terminal_event,
            inside_event,
            attempts: self.attempts,
        };
        let standing = self.config.policy.verdict(&cause, past);
        match hooks.ask(&end) {
            // It may have said so when it was asked.
            Answer::Now(decision) if self.shared.take_complete() => {
                self.settle(cause, Verdict::End(Ended::Complete), decision);
            }
            Answer::Now(decision) => self.settle(cause, standing, decision),
            Answer::Later(decision) => {
                self.shared.set_connection(Connection::Idle);
                self.undecided = Some(Box::new(Undecided {
                    cause,
                    standing,
                    decision,
                    restart: false,
                }));
            }
        }
    }

    /// Waits for the program, and does as it says.
    pub(super) fn poll_undecided(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(undecided) = &mut self.undecided else {
            return Poll::Ready(());
        };
        match undecided.decision.as_mut().poll(cx) {
            Poll::Ready(decision) => {
                if let Some(undecided) = self.undecided.take() {
                    self.settle(undecided.cause, undecided.standing, decision);
                    if undecided.restart {
                        self.shared.restart();
                    }
                }
                Poll::Ready(())
            }
            Poll::Pending => {
                // There is no wait that it could end.
                self.shared.take_reconnect_now();
                undecided.restart |= self.shared.take_restart();
                self.items.release();
                if self.shared.may_wait(cx.waker()) {
                    return Poll::Pending;
                }
                Poll::Ready(())
            }
        }
    }

    fn settle(&mut self, cause: Cause, standing: Verdict, decision: Decision) {
        let ceiling = self.config.policy.reconnection.ceiling;
        let (verdict, at_least) = decision.verdict(&cause, standing, ceiling);
        match verdict {
            Verdict::Reconnect => {
                let (now, random) = (self.now(), fastrand::u32(..));
                let interruption = cause.interruption();
                self.machine
                    .reconnect_after(now, interruption, at_least, random);
            }
            Verdict::End(ended) => {
                self.ended = Some(ended);
                self.machine.end();
            }
            Verdict::Fail(failure) => self.machine.fail(failure),
        }
        self.items.events_before = self.items.events;
        if self.config.hooks.before_attempt.is_some() {
            self.before = Some(Box::new((cause.clone(), self.status(&cause))));
        }
        self.cause = Some(Box::new(cause));
    }

    /// Gives up the connection for another, if there is something to connect to.
    pub(super) fn restart(&mut self) -> bool {
        let is_given = self.config.reset.is_some();
        if is_given {
            return false;
        }
        let now = self.now();
        if self.machine.restart(now) {
            self.shared.set_connection(Connection::Idle);
            self.items.events_before = self.items.events;
            if self.config.hooks.before_attempt.is_some() {
                let cause = Cause::Restarted;
                self.before = Some(Box::new((cause.clone(), self.status(&cause))));
            }
            self.cause = Some(Box::new(Cause::Restarted));
        }
        true
    }

    /// The status of the response that came to this end.
    fn status(&self, cause: &Cause) -> Option<StatusCode> {
        match cause {
            Cause::Refused(refused) => Some(refused.status),
            _ if self.attempts == 0 => Some(StatusCode::OK),
            _ => None,
        }
    }
}
