//! What a source and its handles share. In: `close()` from anywhere. Out: a connection that is gone
//! at once, and a driver that notices.
//!
//! Next: `../source/handle.rs`.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, TryLockError};
use std::task::Waker;
use std::time::Duration;

use tokio::sync::watch;
use url::Url;
use wellspring_proto::ReadyState;

use crate::dom::listeners::Listeners;
use crate::driver::connection::Connection;
use crate::driver::counters::Counting;
use crate::driver::given::Reset;
use crate::driver::trace;
use crate::fetch::without_credentials;
use crate::outcome::ended::Ended;
use crate::outcome::opening::Opening;
use crate::sync::lock;
use crate::transport::QueuePosition;

const CLOSED: u8 = 1;
const COMPLETE: u8 = 2;

pub(crate) struct Shared {
    pub(crate) url: Arc<Url>,
    /// Without userinfo and fragment, if that is another.
    shown_url: Option<Box<str>>,
    pub(crate) with_credentials: bool,
    /// There once a listener is added, or the source is run.
    listeners: OnceLock<Box<Listeners>>,
    pub(crate) counting: Counting,
    pub(crate) queue_position: QueuePosition,
    /// There when the body was given.
    pub(crate) reset: Option<Arc<Reset>>,
    /// `CLOSED` and `COMPLETE`: in one, for a look at each event.
    stopped: AtomicU8,
    reconnect_now: AtomicBool,
    restart: AtomicBool,
    ready_state: Mutex<State>,
    waker: Mutex<Option<Waker>>,
    told: Mutex<Told>,
    /// Not the driver's alone, so that closing does not wait for the driver to be polled.
    connection: Mutex<Connection>,
}

/// What handles can be asked about, as of the last turn.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) last_event_id: String,
    pub(crate) reconnection_time: Duration,
    pub(crate) opened: Option<Arc<Opening>>,
    pub(crate) ended: Option<Ended>,
}

struct State {
    now: ReadyState,
    /// There once the ready state is watched.
    watched: Option<watch::Sender<ReadyState>>,
}

impl Shared {
    pub(crate) fn new(url: &Arc<Url>, with_credentials: bool) -> Self {
        let shown_url = without_credentials(url);
        Self {
            url: Arc::clone(url),
            shown_url: (shown_url != url.as_str()).then(|| shown_url.into()),
            with_credentials,
            listeners: OnceLock::new(),
            counting: Counting::default(),
            queue_position: QueuePosition::default(),
            reset: None,
            stopped: AtomicU8::new(0),
            reconnect_now: AtomicBool::new(false),
            restart: AtomicBool::new(false),
            ready_state: Mutex::new(State {
                now: ReadyState::Connecting,
                watched: None,
            }),
            waker: Mutex::new(None),
            told: Mutex::default(),
            connection: Mutex::new(Connection::Idle),
        }
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        self.listeners.get_or_init(Box::default)
    }

    pub(crate) fn has_listeners(&self) -> bool {
        self.listeners
            .get()
            .is_some_and(|listeners| !listeners.is_empty())
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.stopped.load(Ordering::SeqCst) & CLOSED != 0
    }

    /// Closed, or told that the stream is complete.
    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst) != 0
    }

    pub(crate) fn shown_url(&self) -> &str {
        self.shown_url.as_deref().unwrap_or(self.url.as_str())
    }

    pub(crate) fn told(&self) -> MutexGuard<'_, Told> {
        lock(&self.told)
    }

    pub(crate) fn ready_state(&self) -> ReadyState {
        lock(&self.ready_state).now
    }

    pub(crate) fn watch(&self) -> watch::Receiver<ReadyState> {
        let mut state = lock(&self.ready_state);
        let now = state.now;
        let watched = state.watched.get_or_insert_with(|| watch::Sender::new(now));
        watched.subscribe()
    }

    /// Once closed, the ready state stays closed. Whether the ready state is now this one.
    pub(crate) fn set_ready_state(&self, to: ReadyState) -> bool {
        let mut state = lock(&self.ready_state);
        if state.now == ReadyState::Closed || state.now == to {
            return state.now == to;
        }
        state.now = to;
        let watched = state.watched.clone();
        drop(state);
        if let Some(watched) = watched {
            watched.send_if_modified(|seen| advance(seen, to));
        }
        true
    }

    /// Closes for good, and says whether it was open until now. The connection is dropped before
    /// this returns, unless the driver is polling it at this moment and drops it itself.
    pub(crate) fn close(&self) -> bool {
        let was_closed = self.stopped.fetch_or(CLOSED, Ordering::SeqCst) & CLOSED != 0;
        self.set_ready_state(ReadyState::Closed);
        self.drop_connection_if_free();
        self.wake();
        if !was_closed {
            trace::closed(self.shown_url());
        }
        !was_closed
    }

    pub(crate) fn reconnect_now(&self) {
        self.reconnect_now.store(true, Ordering::SeqCst);
        self.wake();
    }

    pub(crate) fn restart(&self) {
        self.restart.store(true, Ordering::SeqCst);
        self.wake();
    }

    pub(crate) fn take_restart(&self) -> bool {
        self.restart.load(Ordering::SeqCst) && self.restart.swap(false, Ordering::SeqCst)
    }

    pub(crate) fn complete(&self) {
        self.stopped.fetch_or(COMPLETE, Ordering::SeqCst);
        self.wake();
    }

    pub(crate) fn reset(&self) {
        if let Some(reset) = &self.reset {
            reset.ask();
            self.wake();
        }
    }

    pub(crate) fn take_reconnect_now(&self) -> bool {
        self.reconnect_now.load(Ordering::SeqCst)
            && self.reconnect_now.swap(false, Ordering::SeqCst)
    }

    pub(crate) fn take_complete(&self) -> bool {
        self.is_stopped() && self.stopped.fetch_and(!COMPLETE, Ordering::SeqCst) & COMPLETE != 0
    }

    /// Registers who waits, unless there is something for the driver to do: then it may not wait.
    pub(crate) fn may_wait(&self, waker: &Waker) -> bool {
        self.set_waker(waker);
        let asked = [&self.reconnect_now, &self.restart];
        !self.is_stopped() && !asked.iter().any(|asked| asked.load(Ordering::SeqCst))
    }

    pub(crate) fn set_connection(&self, connection: Connection) {
        let earlier = std::mem::replace(&mut *lock(&self.connection), connection);
        drop(earlier);
        if self.is_closed() {
            self.drop_connection_if_free();
        }
    }

    /// Lends the connection to the driver. Who closes meanwhile finds it locked; so whether it was
    /// closed is asked again after the lock is released.
    pub(crate) fn with_connection<T>(&self, poll: impl FnOnce(&mut Connection) -> T) -> T {
        let progress = poll(&mut lock(&self.connection));
        if self.is_closed() {
            self.drop_connection_if_free();
        }
        progress
    }

    fn set_waker(&self, waker: &Waker) {
        let mut current = lock(&self.waker);
        if !current.as_ref().is_some_and(|known| known.will_wake(waker)) {
            let earlier = current.replace(waker.clone());
            drop(current);
            drop(earlier);
        }
    }

    fn wake(&self) {
        let waker = lock(&self.waker).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn drop_connection_if_free(&self) {
        let connection = match self.connection.try_lock() {
            Ok(mut connection) => std::mem::take(&mut *connection),
            Err(TryLockError::Poisoned(poisoned)) => std::mem::take(&mut *poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => return,
        };
        drop(connection);
    }
}

/// Another thread may have closed it, and have said so, since.
fn advance(seen: &mut ReadyState, to: ReadyState) -> bool {
    let advances = *seen != ReadyState::Closed && *seen != to;
    if advances {
        *seen = to;
    }
    advances
}
