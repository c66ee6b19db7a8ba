//! Where a batch waits for JavaScript. In: a crossing from the carrier. Out: the same, into memory
//! that JavaScript owns; and the news to the carrier that it was taken, and dealt with.
//!
//! There is one place. While it is taken the carrier fills a second crossing and then stops reading,
//! which is how a slow handler slows the socket.
//!
//! Next: `source.rs`, which takes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use napi_derive::napi;

use crate::crossing::Crossing;
use crate::signal::SignalObject;

/// What came with a batch, beside what was copied.
#[napi(object)]
#[derive(Debug)]
pub struct Taken {
    /// How many words were written; 0 if one of the two buffers is too small for the batch.
    pub words: u32,
    /// The bytes of text there are.
    pub text_size: u32,
    /// The bytes of words there are.
    pub words_size: u32,
    /// Types that are new in this batch, in the order of their numbers.
    pub types: Vec<String>,
    /// What the signal entries mean, in their order.
    pub signals: Vec<SignalObject>,
}

/// Copies a crossing out and empties it, if the buffers have room for it.
pub(crate) fn take(crossing: &mut Crossing, text: &mut [u8], words: &mut [u8]) -> Taken {
    let mut taken = Taken {
        words: 0,
        text_size: size(crossing.text.len()),
        words_size: size(crossing.words.len() * 4),
        types: Vec::new(),
        signals: Vec::new(),
    };
    if crossing.text.len() > text.len() || crossing.words.len() * 4 > words.len() {
        return taken;
    }
    text[..crossing.text.len()].copy_from_slice(&crossing.text);
    for (room, word) in words.chunks_exact_mut(4).zip(&crossing.words) {
        room.copy_from_slice(&word.to_ne_bytes());
    }
    taken.words = size(crossing.words.len());
    taken.types = std::mem::take(&mut crossing.types);
    taken.signals = std::mem::take(&mut crossing.signals);
    crossing.clear();
    taken
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[derive(Debug, Default)]
pub(crate) struct Exchange {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: Crossing,
    /// JavaScript has been called, or will ask for more of its own accord.
    called: bool,
    /// JavaScript has taken a batch and not yet come back for the next.
    dealing: bool,
    closed: bool,
    carrier: Option<Waker>,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// Taken; JavaScript is to be called.
    Call,
    /// Taken; JavaScript will come by itself.
    Placed,
    /// It is not wanted any more.
    Closed,
}

impl Exchange {
    /// Puts the crossing in its place, and an empty one in its stead, as soon as the place is free.
    pub(crate) fn poll_offer(&self, cx: &Context<'_>, crossing: &mut Crossing) -> Poll<Offer> {
        let mut state = self.lock();
        if state.closed {
            return Poll::Ready(Offer::Closed);
        }
        if !state.waiting.is_empty() {
            state.wait(cx);
            return Poll::Pending;
        }
        std::mem::swap(&mut state.waiting, crossing);
        let call = !std::mem::replace(&mut state.called, true);
        Poll::Ready(if call { Offer::Call } else { Offer::Placed })
    }

    /// Waits until JavaScript has dealt with all that it was offered, or there is no JavaScript any more.
    pub(crate) fn poll_dealt_with(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.closed || (state.waiting.is_empty() && !state.dealing) {
            return Poll::Ready(());
        }
        state.wait(cx);
        Poll::Pending
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Has dealt with what it took before, and takes what there is. `None` if there is nothing: the
    /// next offer is followed by a call.
    pub(crate) fn take(&self, text: &mut [u8], words: &mut [u8]) -> Option<Taken> {
        let mut state = self.lock();
        state.dealing = false;
        let taken = if state.waiting.is_empty() {
            state.called = false;
            None
        } else {
            let taken = take(&mut state.waiting, text, words);
            state.dealing = taken.words > 0;
            Some(taken)
        };
        let carrier = state.carrier.take();
        drop(state);
        if let Some(carrier) = carrier {
            carrier.wake();
        }
        taken
    }

    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.waiting = Crossing::default();
        let carrier = state.carrier.take();
        drop(state);
        if let Some(carrier) = carrier {
            carrier.wake();
        }
    }

    /// A panic elsewhere leaves nothing half done behind this lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&mut self, cx: &Context<'_>) {
        match &mut self.carrier {
            Some(known) => known.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
    }
}

#[cfg(test)]
mod tests;
