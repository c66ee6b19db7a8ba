//! The engine against a real server, which the tests start: Debian's `redis-server`, on a free port of
//! loopback, with its data in a folder that goes away.
//!
//! Next: `server.rs`, then `faults.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod checks;
mod faults;
mod relay;
mod server;
mod witness;

use std::sync::Arc;

use server::Server;
use wellspring_broker::Engine;
use wellspring_engine_contract::contract;

/// A test without a server is skipped, and says so; under `CI=true` it fails.
macro_rules! server_or_return {
    ($($argument:expr),*) => {
        match $crate::server::Server::start(&[$($argument),*]) {
            Some(server) => server,
            None => return,
        }
    };
}
pub(crate) use server_or_return;

/// Every clause has a server of its own, which does not wait for the disk.
mod keeps_the_contract {
    use super::*;

    async fn open() -> Option<(Arc<dyn Engine>, Server)> {
        let server = Server::start(&["--appendonly", "no"])?;
        let engine = server.engine().await;
        Some((Arc::new(engine), server))
    }

    contract!(match open().await {
        Some(opened) => opened,
        None => return,
    });
}
