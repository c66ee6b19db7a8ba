//! How far it is. In: what is done. Out: a line each time; and whether something is wanted at all, by the names in
//! `WELLSPRING_WILD_ONLY`, with commas between.
//!
//! Next: back to `../wide.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::Value;
use tokio::task::JoinHandle;

/// Shared by everything that runs.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    began: Instant,
    done: Arc<AtomicUsize>,
    only: Option<Vec<String>>,
}

impl Progress {
    pub(crate) fn begin() -> Self {
        let only = std::env::var("WELLSPRING_WILD_ONLY").ok();
        Self {
            began: Instant::now(),
            done: Arc::default(),
            only: only.map(|names| names.split(',').map(str::to_owned).collect()),
        }
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|names| names.iter().any(|wanted| wanted == name))
    }

    /// Whether what comes out is whole enough to be kept.
    pub(crate) fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    pub(crate) fn done(&self, what: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let seconds = self.began.elapsed().as_secs();
        println!("{seconds:4} s  {done:3} done: {}", what.replace('\n', " "));
    }
}

/// The rows of what runs at the same time, in order.
pub(crate) async fn all(running: Vec<JoinHandle<Value>>) -> Vec<Value> {
    let mut rows = Vec::new();
    for row in running {
        rows.push(row.await.unwrap());
    }
    rows
}
