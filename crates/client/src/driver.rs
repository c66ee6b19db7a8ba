//! The driver: the machine's outputs carried out, one poll at a time. In: a transport and what to
//! ask it for. Out: turns, one for each thing the program is to be told, in the order of the
//! standard's task queue.
//!
//! Nobody polls, nothing moves: there is no task behind it, and no byte is read while an item waits
//! to be taken.
//!
//! Next: `connection.rs`, one fetch and its body; `event_source.rs`, which turns turns into events.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep};
use wellspring_proto::{Batch, Failure, Machine, Output};

use crate::connection::{ACCEPTED, Connection, Progress, Refusal, sleep_for};
use crate::error::Error;
use crate::options::Options;
use crate::shared::Shared;
use crate::signal::{Cause, Opened, Reconnecting};

/// What the program is told next.
#[derive(Debug)]
pub(crate) enum Turn {
    /// The batch has an item to take.
    Item,
    Open,
    Reconnecting(Reconnecting),
    /// The last turn there is.
    Failed(Error),
}

pub(crate) struct Driver {
    pub(crate) batch: Batch,
    pub(crate) opened: Option<Opened>,
    machine: Machine,
    options: Options,
    shared: Arc<Shared>,
    start: Option<Instant>,
    wait: Option<Pin<Box<Sleep>>>,
    /// What the transport or the response had to say about the loss that the machine reports next.
    cause: Option<Cause>,
    refusal: Option<Refusal>,
}

impl Driver {
    pub(crate) fn new(options: Options, shared: Arc<Shared>) -> Self {
        Self {
            batch: Batch::new(),
            opened: None,
            machine: options.machine(),
            options,
            shared,
            start: None,
            wait: None,
            cause: None,
            refusal: None,
        }
    }

    /// The next turn; `None` once the source is closed.
    pub(crate) fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<Option<Turn>> {
        self.shared.set_waker(cx.waker());
        loop {
            if self.shared.is_closed() {
                self.shut();
                return Poll::Ready(None);
            }
            if !self.batch.is_empty() {
                return Poll::Ready(Some(Turn::Item));
            }
            if let Some(output) = self.machine.poll() {
                match self.carry_out(output) {
                    Some(turn) => return Poll::Ready(Some(turn)),
                    None => continue,
                }
            }
            if tokio::runtime::Handle::try_current().is_err() {
                return Poll::Ready(Some(self.fail(self.no_runtime())));
            }
            if self.machine.poll_timeout().is_some() {
                ready!(self.poll_wait(cx));
            } else {
                self.shared.take_reconnect_now();
                ready!(self.poll_connection(cx));
            }
        }
    }

    pub(crate) fn last_event_id(&self) -> &str {
        self.machine.last_event_id()
    }

    /// The error of a source that is to run where there is no runtime.
    pub(crate) fn no_runtime(&self) -> Error {
        Error::no_runtime(&self.options.url)
    }

    fn carry_out(&mut self, output: Output) -> Option<Turn> {
        match output {
            Output::Connect { .. } => {
                let fetching = self.options.fetch(self.machine.last_event_id());
                self.shared.set_connection(Connection::Fetching(fetching));
                None
            }
            Output::Open => {
                self.shared.set_ready_state(self.machine.ready_state());
                Some(Turn::Open)
            }
            Output::Reconnecting {
                cause,
                delay,
                attempt,
            } => {
                self.shared.set_connection(Connection::Idle);
                self.shared.set_ready_state(self.machine.ready_state());
                let cause_of = self.cause.take();
                let cause = cause_of.unwrap_or_else(|| Cause::of(cause, self.options.idle_timeout));
                Some(Turn::Reconnecting(Reconnecting {
                    cause,
                    delay,
                    attempt,
                }))
            }
            Output::Failed(failure) => {
                let error = self.explain(failure);
                Some(self.fail(error))
            }
            _ => None,
        }
    }

    fn explain(&mut self, failure: Failure) -> Error {
        let url = &self.options.current_url;
        match (self.refusal.take(), self.cause.take()) {
            (Some(refusal), _) => Error::refused(failure, refusal),
            (None, Some(cause)) => Error::from_cause(cause, url),
            (None, None) => Error::new(failure, url),
        }
    }

    fn fail(&mut self, error: Error) -> Turn {
        self.shut();
        Turn::Failed(error)
    }

    /// Lets go of everything: the connection, the timers, what has not been taken.
    fn shut(&mut self) {
        self.machine.close();
        self.batch.clear();
        self.wait = None;
        self.shared.close();
    }

    /// Waits for the time of the next attempt, or until somebody cuts the wait short.
    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.shared.take_reconnect_now() {
            self.machine.reconnect_now();
            self.wait = None;
            return Poll::Ready(());
        }
        let now = self.now();
        let deadline = self.machine.poll_timeout().unwrap_or(now);
        if let Some(left) = deadline.checked_sub(now).filter(|left| !left.is_zero()) {
            let wait = self.wait.get_or_insert_with(|| sleep_for(left));
            ready!(wait.as_mut().poll(cx));
        }
        self.wait = None;
        self.machine.handle_timeout(deadline);
        Poll::Ready(())
    }

    /// Polls the connection and tells the machine what came of it.
    fn poll_connection(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let idle_timeout = self.options.idle_timeout;
        let progress = self
            .shared
            .with_connection(|connection| connection.poll_progress(cx, idle_timeout));
        let progress = ready!(progress);
        let now = self.now();
        match progress {
            Progress::Response(opened) => {
                self.options.follow(&opened);
                self.opened = Some(*opened);
                self.machine.handle_response(now, ACCEPTED);
            }
            Progress::Refused(refusal) => {
                self.machine.handle_response(now, refusal.verdict());
                self.refusal = Some(*refusal);
            }
            Progress::Bytes(bytes) => self.machine.handle_bytes(&bytes, &mut self.batch),
            Progress::EndOfBody => self.machine.handle_end_of_body(now),
            Progress::NetworkError(cause) => {
                if cause.is_futile() {
                    self.machine.handle_futile_network_error();
                } else {
                    self.machine.handle_network_error(now, fastrand::u32(..));
                }
                self.cause = Some(cause);
            }
            Progress::Silence(timeout) => {
                self.machine.handle_idle(now, fastrand::u32(..));
                self.cause = Some(Cause::Idle(timeout));
            }
        }
        Poll::Ready(())
    }

    fn now(&mut self) -> Duration {
        self.start.get_or_insert_with(Instant::now).elapsed()
    }
}

/// Dropping the source closes it, silently.
impl Drop for Driver {
    fn drop(&mut self) {
        self.shared.close();
    }
}
