//! In: the connections open to one endpoint. Out: [`Place`]s on them, one a stream, given back on drop; the connection
//! goes with its last one.
//! Next: `driver.rs`.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use h2::Reason;
use h2::client::SendRequest;
use tokio::sync::watch;

use super::Failed;
use super::driver::Handle;
use crate::sync::lock;
use crate::transport::{TransportError, TransportErrorKind, head};

/// A stream that is given up although its connection was heard from so lately is no reason to doubt the connection.
const SILENCE: Duration = Duration::from_millis(250);

/// What is known about one endpoint.
pub(super) struct Origin {
    name: String,
    /// Held by the one that dials.
    dialing: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connections: Vec<Shared>,
    next_id: u64,
    /// The server chose HTTP/1.1 last time, so there is nothing to share and nothing to wait for.
    http1: bool,
    /// How often dialling failed, and how it failed last: those who waited for the dial share its failure.
    failures: u64,
    last_failure: Option<TransportError>,
}

/// One connection, as long as a stream is on it.
struct Shared {
    id: u64,
    handle: Handle,
    streams: usize,
    /// The peer refused a stream; none is offered until one of those it carries ends.
    refusing: bool,
}

pub(super) enum Room {
    Found(Place),
    /// A connection is so new that the peer has not said how many streams it allows.
    Unsettled(watch::Receiver<Option<usize>>),
    None {
        http1: bool,
        failures: u64,
    },
}

impl Origin {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            dialing: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// Host and port, for errors.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn turn_to_dial(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.dialing.lock().await
    }

    /// Remembers what the last connection negotiated.
    pub(super) fn speaks_http1(&self, http1: bool) {
        self.state().http1 = http1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn find_room(self: &Arc<Self>) -> Room {
        let mut state = self.state();
        let mut unsettled = None;
        for shared in &mut state.connections {
            if !shared.is_usable() {
                continue;
            }
            let limit = *shared.handle.limit.borrow_and_update();
            match limit {
                None => unsettled = Some(shared.handle.limit.clone()),
                Some(limit) if shared.streams < limit => {
                    shared.streams += 1;
                    return Room::Found(Place::new(self, shared));
                }
                Some(_) => {}
            }
        }
        match unsettled {
            Some(limit) => Room::Unsettled(limit),
            None => Room::None {
                http1: state.http1,
                failures: state.failures,
            },
        }
    }

    /// Adds a connection and takes its first place.
    pub(super) fn add(self: &Arc<Self>, handle: Handle) -> Place {
        let mut state = self.state();
        let shared = Shared {
            id: state.next_id,
            handle,
            streams: 1,
            refusing: false,
        };
        state.next_id += 1;
        let place = Place::new(self, &shared);
        state.connections.push(shared);
        place
    }

    pub(super) fn record_failure(&self, error: &TransportError) {
        let mut state = self.state();
        state.failures += 1;
        state.last_failure = Some(error.clone());
    }

    pub(super) fn failure_since(&self, failures: u64) -> Option<TransportError> {
        let state = self.state();
        (state.failures > failures)
            .then(|| state.last_failure.clone())
            .flatten()
    }
}

impl Shared {
    /// Neither over, nor going away, nor out of stream numbers, nor refusing.
    fn is_usable(&mut self) -> bool {
        let mut unwoken = Context::from_waker(Waker::noop());
        !self.refusing
            && self.handle.limit.has_changed().is_ok()
            && matches!(
                self.handle.sender.poll_ready(&mut unwoken),
                Poll::Ready(Ok(()))
            )
    }
}

/// Room for one stream on a shared connection.
pub(in crate::transport) struct Place {
    pub(super) sender: SendRequest<Bytes>,
    pub(super) hold: Hold,
}

/// What is left of a place once its request is sent. The stream counts until this is dropped.
pub(in crate::transport) struct Hold {
    given_up: Arc<OnceLock<&'static str>>,
    slot: Slot,
}

impl Place {
    fn new(origin: &Arc<Origin>, shared: &Shared) -> Self {
        Self {
            sender: shared.handle.sender.clone(),
            hold: Hold {
                given_up: shared.handle.given_up.clone(),
                slot: Slot {
                    origin: origin.clone(),
                    id: shared.id,
                },
            },
        }
    }
}

impl Hold {
    /// For errors.
    pub(super) fn name(&self) -> &str {
        &self.slot.origin.name
    }

    /// The request did not leave.
    pub(super) fn failed_before(&self, error: h2::Error) -> Failed {
        let refused = error.is_io() || error.is_go_away();
        let kind = if refused {
            TransportErrorKind::Closed
        } else {
            TransportErrorKind::InvalidRequest
        };
        Failed {
            error: self.error(kind, error),
            refused,
        }
    }

    /// The request left, and no response came.
    pub(super) fn failed_after(&self, error: h2::Error) -> Failed {
        let refused = error.is_remote()
            && match error.reason() {
                Some(Reason::REFUSED_STREAM) => error.is_reset(),
                // A GOAWAY without an error reaches only the streams that the peer will not process.
                Some(Reason::NO_ERROR) => error.is_go_away(),
                _ => false,
            };
        if refused {
            self.slot.refused();
        }
        if is_about_head(&error) {
            let error = head::broken_or_too_long(self.name());
            return Failed { error, refused };
        }
        let closed = error.is_io() || error.is_remote();
        let kind = if closed {
            TransportErrorKind::Closed
        } else {
            TransportErrorKind::Protocol
        };
        Failed {
            error: self.error(kind, error),
            refused,
        }
    }

    /// The request left, and what the server makes of it is no response.
    pub(super) fn failed_with(&self, reason: &str) -> Failed {
        let kind = TransportErrorKind::Protocol;
        Failed {
            error: TransportError::new(kind, &self.slot.origin.name, reason),
            refused: false,
        }
    }

    pub(super) fn error(&self, kind: TransportErrorKind, error: h2::Error) -> TransportError {
        match self.given_up.get() {
            Some(reason) => {
                TransportError::new(kind, &self.slot.origin.name, reason).with_source(error)
            }
            None => TransportError::caused_by(kind, &self.slot.origin.name, error),
        }
    }
}

/// What h2 says of a head that is too long, or much too long.
fn is_about_head(error: &h2::Error) -> bool {
    error.is_library()
        && match error.reason() {
            Some(Reason::PROTOCOL_ERROR) => error.is_reset(),
            Some(Reason::ENHANCE_YOUR_CALM) => error.to_string().contains("continuations"),
            _ => false,
        }
}

struct Slot {
    origin: Arc<Origin>,
    id: u64,
}

impl Slot {
    fn refused(&self) {
        let mut state = self.origin.state();
        if let Some(shared) = state
            .connections
            .iter_mut()
            .find(|shared| shared.id == self.id)
        {
            shared.refusing = true;
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.origin.state();
        let Some(index) = state
            .connections
            .iter()
            .position(|shared| shared.id == self.id)
        else {
            return;
        };
        let shared = &mut state.connections[index];
        shared.streams -= 1;
        if shared.streams == 0 {
            let last = state.connections.swap_remove(index);
            drop(state);
            drop(last);
        } else if shared.handle.activity.silence() >= SILENCE {
            // One is enough, for all that ask.
            let _ = shared.handle.probe.try_send(());
        }
    }
}
