//! The contract of engines, over those of this crate. In: an empty history. Out: what each owes.
//!
//! Next: `crates/engine-contract/src/lib.rs`; `disk.rs` for what only an engine on disk can do wrong.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

#[cfg(feature = "sqlite")]
mod disk;

use std::sync::Arc;

use wellspring_broker::{Engine, MemoryEngine};
use wellspring_engine_contract::contract;

mod memory {
    use super::*;

    contract!((Arc::new(MemoryEngine::new()) as Arc<dyn Engine>, ()));
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;
    use wellspring_broker::SqliteEngine;

    fn open() -> (Arc<dyn Engine>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let engine = SqliteEngine::open(folder.path()).unwrap();
        (Arc::new(engine), folder)
    }

    contract!(open());
}
