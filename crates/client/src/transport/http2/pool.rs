//! In: where a request goes. Out: a place on an HTTP/2 connection with room for it, or a fresh HTTP/1.1 connection where
//! that is what the server speaks.
//!
//! All requests of one runtime to an endpoint share a connection up to the limit the peer states, then another is opened.
//! One request dials while the others wait for what it finds. A connection leaves with its last stream.
//! Next: `origin.rs`.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime;

use super::driver;
use super::origin::{Origin, Place, Room};
use crate::sync::lock;
use crate::transport::connect::{Endpoint, Io};
use crate::transport::options::KeepAlive;
use crate::transport::{TransportError, TransportErrorKind};

/// Endpoints remembered although nothing is connected to them.
const IDLE_ENDPOINTS: usize = 256;

/// The connections of one transport.
pub(in crate::transport) struct Pool {
    /// A connection belongs to the runtime that drives it: in another that one's tasks may wait for ever.
    origins: Mutex<HashMap<(runtime::Id, Endpoint), Arc<Origin>>>,
    settings_timeout: Duration,
    keep_alive: Option<KeepAlive>,
}

/// A connected socket, TLS included, and what is spoken on it.
pub(in crate::transport) struct Dialled {
    pub(in crate::transport) io: Box<dyn Io>,
    pub(in crate::transport) http2: bool,
}

/// How a request travels.
pub(in crate::transport) enum Carrier {
    Http1(Box<dyn Io>),
    Http2(Place),
}

impl Pool {
    pub(in crate::transport) fn new(
        settings_timeout: Duration,
        keep_alive: Option<KeepAlive>,
    ) -> Self {
        Self {
            origins: Mutex::default(),
            settings_timeout,
            keep_alive,
        }
    }

    /// Finds room at `endpoint`, calling `dial` when a new connection is needed.
    pub(in crate::transport) async fn carrier<D, F>(
        &self,
        endpoint: &Endpoint,
        dial: D,
    ) -> Result<Carrier, TransportError>
    where
        D: FnOnce() -> F,
        F: Future<Output = Result<Dialled, TransportError>>,
    {
        let origin = self.origin(endpoint);
        loop {
            match origin.find_room() {
                Room::Found(place) => return Ok(Carrier::Http2(place)),
                Room::Unsettled(mut limit) => {
                    // An error means that the connection is over: look again either way.
                    let _ = limit.changed().await;
                    continue;
                }
                Room::None { http1: true, .. } => return self.open(&origin, dial().await?).await,
                Room::None { failures, .. } => {
                    let _turn = origin.turn_to_dial().await;
                    if let Some(error) = origin.failure_since(failures) {
                        return Err(error);
                    }
                    if !matches!(origin.find_room(), Room::None { http1: false, .. }) {
                        continue;
                    }
                    let opened = match dial().await {
                        Ok(dialled) => self.open(&origin, dialled).await,
                        Err(error) => Err(error),
                    };
                    // How long connecting may take is each request's own affair.
                    if let Err(error) = &opened
                        && error.kind() != TransportErrorKind::ConnectTimeout
                    {
                        origin.record_failure(error);
                    }
                    return opened;
                }
            }
        }
    }

    async fn open(
        &self,
        origin: &Arc<Origin>,
        dialled: Dialled,
    ) -> Result<Carrier, TransportError> {
        origin.speaks_http1(!dialled.http2);
        if !dialled.http2 {
            return Ok(Carrier::Http1(dialled.io));
        }
        let handle = driver::start(dialled.io, self.settings_timeout, self.keep_alive)
            .await
            .map_err(|error| {
                TransportError::caused_by(TransportErrorKind::Closed, origin.name(), error)
            })?;
        Ok(Carrier::Http2(origin.add(handle)))
    }

    fn origin(&self, endpoint: &Endpoint) -> Arc<Origin> {
        let mut origins = lock(&self.origins);
        if origins.len() > IDLE_ENDPOINTS {
            origins.retain(|_, origin| Arc::strong_count(origin) > 1);
        }
        let key = (runtime::Handle::current().id(), endpoint.clone());
        if let Some(origin) = origins.get(&key) {
            return origin.clone();
        }
        let origin = Arc::new(Origin::new(endpoint.place()));
        origins.insert(key, origin.clone());
        origin
    }
}
