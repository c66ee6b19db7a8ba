//! The driver: the machine's outputs carried out, one poll at a time. In: a transport and what to
//! ask it for. Out: turns, one for each thing the program is to be told, in the order of the
//! standard's task queue.
//!
//! Nobody polls, nothing moves: there is no task behind it, and no byte is read while an item waits
//! to be taken.
//!
//! Next: `connection.rs`, one fetch and its body; `event_source.rs`, which turns turns into events.

use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use wellspring_proto::{Batch, Failure, Item, Machine, Output};

use crate::connection::{ACCEPTED, Connection, Progress, Refusal};
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
    pub(crate) opened: Option<Opened>,
    pub(crate) items: Items,
    machine: Machine,
    options: Options,
    shared: Arc<Shared>,
    start: Option<Instant>,
    /// What the transport or the response had to say about the loss that the machine reports next.
    cause: Option<Cause>,
    refusal: Option<Refusal>,
}

/// What is decoded and not taken.
pub(crate) struct Items {
    batch: Batch,
    /// The last event ID string as of the last item taken; the machine is ahead of it by the batch.
    last_event_id: String,
}

impl Items {
    fn new(last_event_id: String) -> Self {
        Self {
            batch: Batch::new(),
            last_event_id,
        }
    }

    pub(crate) fn peek(&self) -> Option<Item<'_>> {
        self.batch.peek()
    }

    pub(crate) fn take(&mut self) -> Option<Item<'_>> {
        let item = self.batch.next_item()?;
        let id = match item {
            Item::Event(event) => event.last_event_id,
            Item::Position(id) => id,
            _ => return Some(item),
        };
        let kept = &mut self.last_event_id;
        let same = kept.len() == id.len() && (id.is_empty() || kept == id);
        if !same {
            kept.clear();
            kept.push_str(id);
        }
        Some(item)
    }

    pub(crate) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }
}

impl Driver {
    pub(crate) fn new(options: Options, shared: Arc<Shared>) -> Self {
        Self {
            opened: None,
            items: Items::new(options.last_event_id.clone()),
            machine: options.machine(),
            options,
            shared,
            start: None,
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
            if !self.items.batch.is_empty() {
                return Poll::Ready(Some(Turn::Item));
            }
            if let Some(output) = self.machine.poll() {
                match self.carry_out(output) {
                    Some(turn) => return Poll::Ready(Some(turn)),
                    None => continue,
                }
            }
            if tokio::runtime::Handle::try_current().is_err() {
                let error = self.no_runtime();
                return Poll::Ready(self.fail(error));
            }
            let reconnect_now = self.shared.take_reconnect_now();
            if let Some(deadline) = self.machine.poll_timeout() {
                if reconnect_now {
                    self.machine.reconnect_now();
                    continue;
                }
                self.wait_until(deadline);
            }
            ready!(self.poll_connection(cx));
        }
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
                let open = self.shared.set_ready_state(self.machine.ready_state());
                open.then_some(Turn::Open)
            }
            Output::Reconnecting {
                cause,
                delay,
                attempt,
            } => {
                self.shared.set_connection(Connection::Idle);
                let connecting = self.shared.set_ready_state(self.machine.ready_state());
                let told = self.cause.take();
                let cause = told.unwrap_or_else(|| Cause::of(cause, self.options.idle_timeout));
                connecting.then(|| {
                    let url = &self.options.current_url;
                    Turn::Reconnecting(Reconnecting::new(url, cause, delay, attempt))
                })
            }
            Output::Failed(failure) => {
                let error = self.explain(failure);
                self.fail(error)
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

    /// Nothing is told to a program that has closed the source meanwhile.
    fn fail(&mut self, error: Error) -> Option<Turn> {
        self.shut().then_some(Turn::Failed(error))
    }

    /// Lets go of everything: the connection, the timers, what has not been taken. Whether the
    /// source was open until now.
    fn shut(&mut self) -> bool {
        self.machine.close();
        self.items.batch.clear();
        self.shared.close()
    }

    /// Sets the timer for the next attempt, unless it runs.
    fn wait_until(&mut self, deadline: Duration) {
        let left = deadline.saturating_sub(self.now());
        self.shared.with_connection(|connection| {
            if matches!(connection, Connection::Idle) {
                *connection = Connection::Waiting(Box::pin(sleep(left)));
            }
        });
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
            Progress::Bytes(bytes) => self.machine.handle_bytes(&bytes, &mut self.items.batch),
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
            Progress::Due => {
                self.shared.set_connection(Connection::Idle);
                self.machine.handle_timeout(now);
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
