//! The configuration of the connections to come. In: one configuration after the other. Out: an acceptor
//! with the newest.
//!
//! Next: `reload.rs` replaces it.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

/// A configuration that can be replaced while the program runs; clones share it.
#[derive(Clone, Debug)]
pub(super) struct Current {
    configuration: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Current {
    pub(super) fn new(configuration: ServerConfig) -> Self {
        Self {
            configuration: Arc::new(RwLock::new(Arc::new(configuration))),
        }
    }

    pub(super) fn replace(&self, configuration: ServerConfig) {
        let current = self.configuration.write();
        *current.unwrap_or_else(PoisonError::into_inner) = Arc::new(configuration);
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let current = self.configuration.read();
        TlsAcceptor::from(Arc::clone(&current.unwrap_or_else(PoisonError::into_inner)))
    }
}
