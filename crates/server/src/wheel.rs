//! One clock for all comments in silence of a runtime. In: moments, and who waits for them. Out: wakings,
//! those of about the same moment together.
//!
//! A timer of tokio's takes 130 bytes, and there is a process with 10,000 streams: here it is half of that,
//! and one timer.
//!
//! # Parts
//!
//! | part | what it is |
//! |---|---|
//! | `WHEELS` | one wheel for each tokio runtime, found by the runtime's id |
//! | `Wheel` | the moments at which something has to be woken, and the tasks that wait for each |
//! | `Place` | one waiting stream, held by its `KeepAlive`; dropping it stops the wait |
//! | `Node` | what a `Place` and its wheel share: the waker, until it is used |
//! | `Turning` | the task that sleeps until the next moment; it ends when nothing waits |
//!
//! # How a wait passes
//!
//! 1. `Place::new` rounds the moment up to a multiple of the wait divided by `PARTS`, so that streams with the same
//!    wait share moments: of a wait of 15 s the parts are 117 ms long.
//! 2. The first place of an idle wheel spawns `Turning`; a moment before all others wakes it to reset its timer.
//! 3. When the moment comes, at most `TURN` wakers are called, then other tasks of the runtime run.
//! 4. The stream is polled, finds that `Place::waits` is false, and looks whether a comment is due. `Place::again`
//!    reuses the allocation.
//!
//! A place that is dropped early stays in the list of its moment and is only counted in `gone`. `State::sweep`
//! removes such places when they are more than half of the others, so the cost of dropping is constant on average.
//!
//! # Locks
//!
//! Two kinds of locks are taken here: that of a wheel's state, and that of one node. A node's lock may be taken
//! under the state's, never the other way round. Wakers are called under neither, since a waker may run any code.
//!
//! Next: `keep_alive.rs` waits.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::time::{Instant, Sleep, sleep_until};

/// Into how many moments a wait is divided: it may be longer by one of them.
const PARTS: u32 = 128;

/// How many are woken before others have a turn.
const TURN: usize = 64;

/// How many of those who wait no more are left where they are, besides as many as wait.
const LEFT: usize = 64;

/// The wheels of all runtimes.
static WHEELS: Mutex<Vec<(Id, Weak<Wheel>)>> = Mutex::new(Vec::new());

/// The clock of one runtime. `WHEELS` holds it weakly: it is dropped once no place and no list refers to it.
#[derive(Debug)]
struct Wheel {
    /// Where `Turning` is spawned.
    runtime: Handle,
    /// Moments are multiples counted from here, so that equal waits meet.
    begin: Instant,
    state: Mutex<State>,
    /// How many places wait no more.
    gone: AtomicUsize,
}

/// What the lock of a wheel protects.
#[derive(Debug, Default)]
struct State {
    /// Who is woken when, the earliest first.
    moments: BTreeMap<Instant, Vec<Arc<Node>>>,
    /// How many nodes are in `moments`, those that no longer wait included.
    places: usize,
    /// Whether there is a task, and how to tell it of an earlier moment.
    turns: bool,
    waker: Option<Waker>,
    /// Its runtime runs no tasks any more.
    is_dead: bool,
}

/// The shared half of a place: the wheel calls the waker, the stream replaces it.
#[derive(Debug)]
struct Node {
    wheel: Arc<Wheel>,
    waits: Mutex<Waits>,
}

/// Whether a node still has someone to wake.
#[derive(Debug)]
enum Waits {
    /// Not yet woken; this is the task of the stream's last poll.
    For(Waker),
    /// Woken, or its place was dropped.
    NoMore,
}

/// A place on the wheel of the runtime it was made on.
#[derive(Debug)]
pub(crate) struct Place {
    node: Arc<Node>,
}

/// Locks the mutex. A panic elsewhere does not matter: no code of others runs under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Place {
    /// Waits from now on, for so long or a little longer. `None` outside of a runtime, and for what never
    /// comes.
    pub(crate) fn new(wait: Duration, waker: &Waker) -> Option<Self> {
        let wheel = Wheel::here()?;
        let moment = wheel.moment(Instant::now().checked_add(wait)?, wait)?;
        let waits = Mutex::new(Waits::For(waker.clone()));
        let node = Arc::new(Node { wheel, waits });
        let wheel = &node.wheel;
        wheel.enter(moment, Arc::clone(&node));
        Some(Self { node })
    }

    /// Waits until then, or a little longer. Gives no place where that never comes.
    pub(crate) fn again(self, due: Instant, wait: Duration, waker: &Waker) -> Option<Self> {
        let wheel = &self.node.wheel;
        if lock(&wheel.state).is_dead {
            return Self::new(due.saturating_duration_since(Instant::now()), waker);
        }
        let moment = wheel.moment(due, wait)?;
        *lock(&self.node.waits) = Waits::For(waker.clone());
        wheel.enter(moment, Arc::clone(&self.node));
        Some(self)
    }

    /// Whether its moment is still to come. Then this one is woken.
    pub(crate) fn waits(&self, waker: &Waker) -> bool {
        match &mut *lock(&self.node.waits) {
            Waits::NoMore => false,
            Waits::For(known) => {
                known.clone_from(waker);
                true
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let waits = std::mem::replace(&mut *lock(&self.node.waits), Waits::NoMore);
        if let Waits::For(waker) = waits {
            self.node.wheel.gone.fetch_add(1, Ordering::Relaxed);
            drop(waker);
        }
    }
}

impl Wheel {
    /// That of the runtime this is called on.
    fn here() -> Option<Arc<Self>> {
        let runtime = Handle::try_current().ok()?;
        let id = runtime.id();
        let mut wheels = lock(&WHEELS);
        wheels.retain(|(_, wheel)| wheel.strong_count() > 0);
        let known = wheels.iter().find(|(known, _)| *known == id);
        if let Some(wheel) = known.and_then(|(_, wheel)| wheel.upgrade()) {
            let is_dead = lock(&wheel.state).is_dead;
            return (!is_dead).then_some(wheel);
        }
        let wheel = Arc::new(Self {
            runtime,
            begin: Instant::now(),
            state: Mutex::default(),
            gone: AtomicUsize::new(0),
        });
        wheels.push((id, Arc::downgrade(&wheel)));
        Some(wheel)
    }

    /// The next moment from `due` on at which those who wait that long are woken.
    fn moment(&self, due: Instant, wait: Duration) -> Option<Instant> {
        let part = (wait / PARTS).max(Duration::from_millis(1)).as_millis();
        let since = due
            .saturating_duration_since(self.begin)
            .as_micros()
            .div_ceil(1000);
        let rounded = since.div_ceil(part).checked_mul(part)?;
        let rounded = Duration::from_millis(u64::try_from(rounded).ok()?);
        self.begin.checked_add(rounded)
    }

    /// Puts the node into the list of its moment, and sees to it that a task turns the wheel. On a wheel whose
    /// runtime has shut down it does nothing: such a stream is polled on another runtime, or never.
    fn enter(self: &Arc<Self>, moment: Instant, node: Arc<Node>) {
        let mut state = lock(&self.state);
        if state.is_dead {
            return;
        }
        if self.gone.load(Ordering::Relaxed) > state.places / 2 + LEFT {
            state.sweep();
            self.gone.store(0, Ordering::Relaxed);
        }
        state.places += 1;
        let is_first = state
            .moments
            .keys()
            .next()
            .is_none_or(|first| moment < *first);
        state.moments.entry(moment).or_default().push(node);
        let waker = if is_first { state.waker.take() } else { None };
        let has_no_task = !std::mem::replace(&mut state.turns, true);
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        if has_no_task {
            let turning = Turning {
                wheel: Arc::clone(self),
                is_done: false,
            };
            self.runtime.spawn(turning.turn());
        }
    }
}

impl State {
    /// Removes the nodes whose places were dropped, and the moments left empty.
    fn sweep(&mut self) {
        self.moments.retain(|_, nodes| {
            nodes.retain(|node| matches!(*lock(&node.waits), Waits::For(_)));
            nodes.shrink_to_fit();
            !nodes.is_empty()
        });
        self.places = self.moments.values().map(Vec::len).sum();
    }

    /// Those whose moment has come, some of them.
    fn due(&mut self, now: Instant) -> Vec<Arc<Node>> {
        let Some(mut first) = self
            .moments
            .first_entry()
            .filter(|first| *first.key() <= now)
        else {
            return Vec::new();
        };
        let nodes = first.get_mut();
        let due = nodes.split_off(nodes.len().saturating_sub(TURN));
        if nodes.is_empty() {
            first.remove();
        }
        self.places -= due.len();
        due
    }
}

/// The task that turns a wheel, until no task waits.
struct Turning {
    wheel: Arc<Wheel>,
    is_done: bool,
}

impl Drop for Turning {
    /// The runtime shuts down: who waits may be polled on another one.
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        let mut state = lock(&self.wheel.state);
        state.is_dead = true;
        let moments = std::mem::take(&mut state.moments);
        let waker = state.waker.take();
        drop(state);
        drop(waker);
        moments.values().flatten().for_each(|node| node.wake());
    }
}

impl Turning {
    /// Turns the wheel until nothing waits.
    async fn turn(mut self) {
        let mut timer = pin!(sleep_until(Instant::now()));
        std::future::poll_fn(|cx| self.poll(timer.as_mut(), cx)).await;
    }

    fn poll(&mut self, mut timer: Pin<&mut Sleep>, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let now = Instant::now();
            let mut state = lock(&self.wheel.state);
            let due = state.due(now);
            let next = state.moments.keys().next().copied();
            let old = state.waker.replace(cx.waker().clone());
            if due.is_empty() && next.is_none() {
                // Under the same lock as the look, so that the next to wait begins another.
                state.turns = false;
                self.is_done = true;
            }
            drop(state);
            drop(old);
            if !due.is_empty() {
                due.iter().for_each(|node| node.wake());
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let Some(next) = next else {
                return Poll::Ready(());
            };
            timer.as_mut().reset(next);
            ready!(timer.as_mut().poll(cx));
        }
    }
}

impl Node {
    /// Calls the waker if the place still waits. One that was dropped before has been counted as gone, and is no
    /// longer in the list, so the count goes down again.
    fn wake(&self) {
        let waits = std::mem::replace(&mut *lock(&self.waits), Waits::NoMore);
        match waits {
            Waits::For(waker) => waker.wake(),
            // It had been counted as gone when its stream was.
            Waits::NoMore => {
                let gone = &self.wheel.gone;
                let _ = gone.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |gone| {
                    gone.checked_sub(1)
                });
            }
        }
    }
}

#[cfg(test)]
mod tests;
