//! The process that is killed, or has no room: this program again, with this one test. In: a folder, from
//! the environment. Out: a line for each record that is stored.
//!
//! Next: `crash.rs`, its parent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open;
use wellspring_broker::{AppendOutcome, Engine, Refusal};
use wellspring_engine_contract::*;

pub(super) const FOLDER: &str = "WELLSPRING_CHILD_FOLDER";
pub(super) const NAME: &str = "disk::child::appends_until_it_is_killed_or_refused";

/// By itself it appends until it has stored a thousand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_until_it_is_killed_or_refused() {
    let own = tempfile::tempdir().unwrap();
    let folder = std::env::var_os(FOLDER).map(PathBuf::from);
    let most = if folder.is_some() { u64::MAX } else { 1_000 };
    let folder = folder.unwrap_or_else(|| own.path().to_owned());
    let engine = Arc::new(open(&folder));
    let tasks = (0..4).map(|_| tokio::spawn(append_until(Arc::clone(&engine), most)));
    let mut refused = None;
    for task in tasks.collect::<Vec<_>>() {
        refused = task.await.unwrap().or(refused);
    }
    if let Some(reason) = refused {
        println!("refused: {reason}");
        reads_on(&*engine, &folder).await;
    }
}

/// Why an append was refused, if one was.
async fn append_until(engine: Arc<impl Engine>, most: u64) -> Option<String> {
    let epoch = bounds(&*engine).await.lineage.current();
    loop {
        let one = record(&"x".repeat(fastrand::usize(1..2_000)));
        match engine.append(epoch, vec![one]).await.as_slice() {
            [AppendOutcome::Appended(receipt)] if receipt.sequence >= most => return None,
            [AppendOutcome::Appended(receipt)] => {
                println!("stored: {} {}", receipt.sequence, receipt.tag);
            }
            [AppendOutcome::Refused(Refusal::Unavailable { reason, .. })] => {
                return Some(reason.clone());
            }
            other => panic!("{other:?}"),
        }
    }
}

/// With a disk that is full, everything that was stored can be read.
async fn reads_on(engine: &impl Engine, _folder: &Path) {
    let kept = bounds(engine).await;
    let records = page(engine, 0, all()).await.records;
    assert_eq!(records.len() as u64, kept.head);
    println!("read: {}", records.len());
}
