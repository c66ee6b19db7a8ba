//! The task of one source. In: its signals. Out: crossings, offered to JavaScript.
//!
//! Next: `crossing.rs`.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use napi::Status;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use wellspring::{EventSource, Signal};

use crate::crossing::{Crossing, Known};
use crate::exchange::{Exchange, Offer};
use crate::question::Questions;
use crate::signal::SignalObject;

/// Calls JavaScript's dispatcher with the number of a source; does not keep its loop alive.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) dispatcher: Arc<ThreadsafeFunction<u32, (), u32, Status, false, true>>,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").finish_non_exhaustive()
    }
}

pub(crate) struct Carrier {
    source: EventSource,
    exchange: Arc<Exchange>,
    questions: Arc<Questions>,
    caller: Caller,
    number: u32,
    crossing: Crossing,
    known: Known,
    /// Nothing is read until JavaScript has dealt with what it has.
    settling: bool,
    ended: bool,
}

impl Carrier {
    pub(crate) fn new(
        source: EventSource,
        exchange: Arc<Exchange>,
        questions: Arc<Questions>,
        caller: Caller,
        number: u32,
    ) -> Self {
        let known = Known::new(source.last_event_id());
        Self {
            source,
            exchange,
            questions,
            caller,
            number,
            crossing: Crossing::default(),
            known,
            settling: false,
            ended: false,
        }
    }

    /// Carries until the source has failed or JavaScript has closed it.
    pub(crate) async fn run(mut self) {
        poll_fn(|cx| self.poll_carry(cx)).await;
    }

    fn poll_carry(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.exchange.is_closed() {
                return Poll::Ready(());
            }
            if self.ended || self.settling || self.crossing.is_full() {
                ready!(self.poll_hand_over(cx));
                if self.ended {
                    return Poll::Ready(());
                }
                if self.settling {
                    ready!(self.exchange.poll_dealt_with(cx));
                    self.settling = false;
                }
            }
            if self.poll_fill(cx).is_pending() {
                // Either wakes this task: the source or JavaScript.
                let _ = self.poll_hand_over(cx);
                return Poll::Pending;
            }
        }
    }

    /// Takes signals until the crossing is full, or one of them has to be dealt with first.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while !(self.crossing.is_full() || self.settling || self.ended) {
            if let Some(event) = self.source.next_ready() {
                self.known.push_message(event, &mut self.crossing);
                continue;
            }
            let crossing = &mut self.crossing;
            let Poll::Ready(signal) = pin!(self.source.next_signal()).poll(cx) else {
                if self.questions.take_new() {
                    crossing.push_question();
                }
                return Poll::Pending;
            };
            match signal {
                Some(Ok(Signal::Message(event))) => self.known.push_message(event, crossing),
                Some(Ok(Signal::Open(opened))) => crossing.push_signal(SignalObject::open(opened)),
                Some(Ok(Signal::Reconnecting(lost))) => {
                    crossing.push_signal(SignalObject::reconnecting(lost));
                    self.settling = true;
                }
                Some(Ok(Signal::LastEventId(id))) => self.known.push_position(id, crossing),
                Some(Ok(Signal::ReconnectionTime(time))) => crossing.push_reconnection_time(time),
                Some(Ok(Signal::Comment(text))) => {
                    crossing.push_signal(SignalObject::comment(text));
                }
                Some(Ok(Signal::Skipped(limit))) => {
                    crossing.push_signal(SignalObject::skipped(&limit));
                }
                Some(Ok(Signal::Queued(place))) => {
                    crossing.push_signal(SignalObject::queued(place));
                }
                Some(Ok(Signal::LastEventIdNotSent(reason))) => {
                    crossing.push_signal(SignalObject::id_not_sent(reason));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    crossing.push_signal(SignalObject::failed(&error));
                    self.ended = true;
                }
                None => {
                    // Or closed; then it is not taken.
                    crossing.push_signal(SignalObject::ended(self.source.handle().ended()));
                    self.ended = true;
                }
            }
        }
        Poll::Ready(())
    }

    fn poll_hand_over(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.crossing.is_empty() {
            return Poll::Ready(());
        }
        if ready!(self.exchange.poll_offer(cx, &mut self.crossing)) == Offer::Call {
            let mode = ThreadsafeFunctionCallMode::NonBlocking;
            // An environment that is being torn down takes no calls and needs none.
            let _ = self.caller.dispatcher.call(self.number, mode);
        }
        Poll::Ready(())
    }
}
