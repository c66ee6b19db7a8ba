//! The driver: the machine's outputs carried out, one poll at a time. In: a transport and what to
//! ask it for. Out: turns, one for each thing the program is to be told, in the order of the
//! standard's task queue.
//!
//! Without a poll nothing moves: there is no task behind it, and no byte is read while an item waits
//! to be taken.
//!
//! Next: `driver/end.rs`, what becomes of a connection that is over; `driver/connection.rs`, one fetch and its
//! body; `source/event_source.rs`, which turns turns into events.

pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod counters;
mod end;
pub(crate) mod given;
pub(crate) mod items;
pub(crate) mod request;
pub(crate) mod shared;
mod trace;
mod undecided;

use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep};
use wellspring_proto::{Failure, Machine, Output, Response};

use crate::driver::config::Config;
use crate::driver::connection::{Connection, Notice, Progress};
use crate::driver::request::Request;
use crate::driver::shared::Shared;
use crate::outcome::cause::Cause;
use crate::outcome::ended::Ended;
use crate::outcome::error::Error;
use crate::outcome::opening::Opening;
use crate::outcome::reconnecting::Reconnecting;
use crate::pace::Pace;

use self::items::Items;
use self::undecided::Undecided;

/// What the machine has to know of a response that opens.
const ACCEPTED: Response = Response {
    status: 200,
    event_stream: true,
    coded: false,
};

/// What the program gets next.
#[derive(Debug)]
pub(crate) enum Turn {
    /// The batch has an item to take.
    Item,
    Open,
    Reconnecting(Reconnecting),
    Notice(Notice),
    /// The last turn there is, or this one.
    Failed(Error),
    /// A good end.
    Ended(Ended),
}

pub(crate) struct Driver {
    pub(crate) opened: Option<Arc<Opening>>,
    pub(crate) items: Items,
    machine: Machine,
    config: Arc<Config>,
    request: Request,
    shared: Arc<Shared>,
    start: Option<Instant>,
    /// What the transport or the response had to say about the loss that the machine reports next.
    cause: Option<Box<Cause>>,
    /// The same for the next attempt's hook, and the status if there was one.
    before: Option<Box<(Cause, Option<StatusCode>)>>,
    /// Attempts since a connection was last open.
    attempts: u32,
    /// The end that the program is making up its mind about.
    undecided: Option<Box<Undecided>>,
    pace: Pace,
    /// The body came to its proper end inside an event.
    inside_event: bool,
    /// Why the machine was told to end.
    ended: Option<Ended>,
}

impl Driver {
    pub(crate) fn new(mut config: Config, shared: Arc<Shared>) -> Self {
        let given = config.given.take();
        let config = Arc::new(config);
        let queue_position = shared.queue_position.clone();
        let driver = Self {
            opened: None,
            items: Items::new(&config, &shared),
            machine: config.machine(),
            request: Request::new(Arc::clone(&config), given, queue_position),
            config,
            shared,
            start: None,
            cause: None,
            before: None,
            attempts: 0,
            undecided: None,
            pace: Pace::default(),
            inside_event: false,
            ended: None,
        };
        driver.tell();
        driver
    }

    /// The next turn; `None` once the source is closed.
    pub(crate) fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<Option<Turn>> {
        loop {
            if self.shared.is_closed() {
                self.shut();
                return Poll::Ready(None);
            }
            if self.take_complete() {
                self.items.batch.clear();
                self.handle_end(Cause::EndOfBody, true);
                continue;
            }
            if !self.items.batch.is_empty() {
                return Poll::Ready(Some(Turn::Item));
            }
            if self.undecided.is_some() {
                ready!(self.poll_undecided(cx));
                continue;
            }
            self.tell();
            self.handle_limit();
            if let Some(output) = self.machine.poll() {
                match self.carry_out(output) {
                    Some(turn) => return Poll::Ready(Some(turn)),
                    None => continue,
                }
            }
            if self.lacks_runtime() {
                let error = self.no_runtime();
                return Poll::Ready(self.fail(error));
            }
            let reconnect_now = self.shared.take_reconnect_now();
            if self.shared.take_restart() && self.restart() {
                continue;
            }
            if let Some(deadline) = self.machine.poll_timeout() {
                if reconnect_now {
                    self.machine.reconnect_now();
                    continue;
                }
                self.wait_until(deadline);
            }
            ready!(self.pace.poll_proceed(cx));
            match self.poll_connection(cx) {
                Poll::Ready(Some(notice)) => return Poll::Ready(Some(Turn::Notice(notice))),
                Poll::Ready(None) => {}
                Poll::Pending if self.shared.may_wait(cx.waker()) => {
                    self.pace.rest();
                    self.items.release();
                    return Poll::Pending;
                }
                Poll::Pending => {}
            }
        }
    }

    /// Lets handles know how far the program has come.
    fn tell(&self) {
        let mut told = self.shared.told();
        let last_event_id = self.items.last_event_id();
        if told.last_event_id != last_event_id {
            told.last_event_id.clear();
            told.last_event_id.push_str(last_event_id);
        }
        told.reconnection_time = self.machine.reconnection_time();
    }

    /// An event can be taken without a turn: nothing comes before it.
    #[inline]
    pub(crate) fn has_event(&self) -> bool {
        self.items.has_event() && !self.shared.is_stopped()
    }

    /// Sockets and timers are made where there is a runtime. To read on takes none, and to ask for it with
    /// every chunk would take about as long as decoding it.
    fn lacks_runtime(&self) -> bool {
        let makes_none = self.machine.is_reading() && self.config.policy.idle_timeout.is_none();
        !makes_none && tokio::runtime::Handle::try_current().is_err()
    }

    /// The error of a source that is to run where there is no runtime.
    pub(crate) fn no_runtime(&self) -> Error {
        Error::no_runtime(&self.config.url)
    }

    pub(crate) fn reconnection_time(&self) -> Duration {
        self.machine.reconnection_time()
    }

    fn carry_out(&mut self, output: Output) -> Option<Turn> {
        match output {
            Output::Connect { attempt } => {
                self.attempts = attempt;
                self.shared.counting.add_attempt();
                self.pace.spend_attempt();
                self.inside_event = false;
                trace::connect(self.request.url(), attempt);
                let last_event_id = self.machine.last_event_id();
                let before = self.before.take().map(|before| *before);
                let fetching = self.request.fetch(attempt, last_event_id, before);
                self.shared.set_connection(Connection::Fetching(fetching));
                None
            }
            Output::Open => {
                if !self.shared.set_ready_state(self.machine.ready_state()) {
                    return None;
                }
                trace::open(self.opened.as_deref());
                self.shared.told().opened.clone_from(&self.opened);
                Some(Turn::Open)
            }
            Output::Reconnecting { delay, attempt, .. } => {
                self.shared.set_connection(Connection::Idle);
                let connecting = self.shared.set_ready_state(self.machine.ready_state());
                let cause = self.cause.take().map_or(Cause::EndOfBody, |cause| *cause);
                connecting.then(|| {
                    let url = self.request.url();
                    let lost = Reconnecting::new(url, cause, delay, attempt)
                        .ended_inside_event(self.inside_event);
                    trace::reconnecting(&lost);
                    Turn::Reconnecting(lost)
                })
            }
            Output::Failed(failure) => {
                let error = self.explain(failure);
                self.fail(error)
            }
            Output::Ended => self.end(),
            _ => None,
        }
    }

    fn explain(&mut self, failure: Failure) -> Error {
        let cause = self.cause.take().map(|cause| *cause);
        Error::new(failure, cause, self.request.url())
    }

    /// Likewise, without an error.
    fn end(&mut self) -> Option<Turn> {
        let ended = self.ended.unwrap_or(Ended::Complete);
        self.shared.told().ended = Some(ended);
        if self.shut() {
            return Some(Turn::Ended(ended));
        }
        self.shared.told().ended = None;
        None
    }

    /// Says nothing to a program that has closed the source meanwhile.
    fn fail(&mut self, error: Error) -> Option<Turn> {
        if !self.shared.is_closed() {
            trace::failed(&error);
        }
        self.shut().then_some(Turn::Failed(error))
    }

    /// Lets go of everything: the connection, the timers, what has not been taken. Whether the
    /// source was open until now.
    fn shut(&mut self) -> bool {
        self.tell();
        self.undecided = None;
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

    /// Polls the connection and tells the machine what came of it; what is none of its business is for
    /// the program.
    fn poll_connection(&mut self, cx: &mut Context<'_>) -> Poll<Option<Notice>> {
        let idle_timeout = self.config.policy.idle_timeout;
        if self.config.take_reset() {
            self.machine.reset();
            self.shared.with_connection(Connection::drop_received);
        }
        let progress = self
            .shared
            .with_connection(|connection| connection.poll_progress(cx, idle_timeout));
        let progress = ready!(progress);
        match progress {
            Progress::Notice(notice) => return Poll::Ready(Some(notice)),
            Progress::Response(mut opened) => {
                opened.share_url(&self.config.url);
                self.request.follow(&opened);
                self.opened = Some(Arc::new(*opened));
                let now = self.now();
                self.machine.handle_response(now, ACCEPTED);
                self.attempts = 0;
            }
            Progress::Bytes(bytes) => {
                let counting = &self.shared.counting;
                counting.add_bytes(bytes.len(), Instant::now().into_std());
                self.pace.spend_bytes(bytes.len());
                if self.config.take_reset() {
                    self.machine.reset();
                }
                self.machine.handle_bytes(&bytes, &mut self.items.batch);
                self.pace.spend_items(self.items.batch.len());
            }
            Progress::Refused(refused) => self.handle_end(Cause::Refused(refused), false),
            Progress::EndOfBody => self.handle_end_of_body(),
            Progress::NetworkError(cause) => self.handle_end(cause, false),
            Progress::Silence(timeout) => self.handle_end(Cause::Idle(timeout), false),
            Progress::Due => {
                self.shared.set_connection(Connection::Idle);
                let now = self.now();
                self.machine.handle_timeout(now);
            }
        }
        Poll::Ready(None)
    }

    /// The stream exceeded a limit, and what came before that is taken: only now is known how many
    /// events that were, and whether one of them was the terminal event.
    #[inline]
    fn handle_limit(&mut self) {
        if let Some(Failure::Limit(limit)) = self.machine.failing()
            && self.cause.is_none()
        {
            self.handle_end(Cause::Limit(limit), false);
        }
    }

    fn now(&mut self) -> Duration {
        self.start.get_or_insert_with(Instant::now).elapsed()
    }
}

/// Dropping the source closes it, silently.
impl Drop for Driver {
    fn drop(&mut self) {
        self.tell();
        self.shared.close();
    }
}

#[cfg(test)]
mod tests;
