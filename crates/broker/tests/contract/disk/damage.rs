//! Files that are not what was written.

use std::fs;
use std::path::Path;

use super::open;
use wellspring_broker::{Engine, EngineErrorKind, SqliteEngine};
use wellspring_engine_contract::*;

const FILE: &str = "history.db";
const LOG: &str = "history.db-wal";

/// A copy of a history of 200 records, as a crash would leave it: the last of them in the log only.
async fn crashed() -> (tempfile::TempDir, Vec<wellspring_broker::StoredRecord>) {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let engine = open(folder.path());
    for number in 0..20 {
        let batch = (0..10).map(|n| record(&format!("{number}{n}")));
        append(&engine, batch.collect()).await;
    }
    let records = page(&engine, 0, all()).await.records;
    let copy = tempfile::tempdir().unwrap();
    for name in [FILE, LOG] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    (copy, records)
}

fn copied(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in [FILE, LOG] {
        fs::copy(folder.join(name), copy.path().join(name)).unwrap();
    }
    copy
}

#[tokio::test]
async fn a_torn_log_leaves_whole_batches() {
    let (folder, records) = crashed().await;
    let length = fs::metadata(folder.path().join(LOG)).unwrap().len();
    let mut rng = fastrand::Rng::with_seed(3);
    let mut lengths = std::collections::BTreeSet::new();
    for _ in 0..40 {
        let torn = copied(folder.path());
        let log = fs::OpenOptions::new()
            .write(true)
            .open(torn.path().join(LOG));
        log.unwrap().set_len(rng.u64(0..=length)).unwrap();
        let engine = open(torn.path());
        let left = page(&engine, 0, all()).await.records;
        assert_eq!(left, records[..left.len()]);
        assert_eq!(left.len() % 10, 0, "batches are whole");
        let next = stored(&engine, record("next")).await;
        assert_eq!(next.sequence, left.len() as u64 + 1);
        lengths.insert(left.len());
    }
    assert!(lengths.len() > 5, "{lengths:?}");
}

#[tokio::test]
async fn damage_is_an_error_or_no_harm() {
    let (folder, _) = crashed().await;
    let mut rng = fastrand::Rng::with_seed(4);
    let (mut refused, mut served) = (0, 0);
    for _ in 0..60 {
        let damaged = copied(folder.path());
        let in_log = rng.bool();
        if !in_log {
            // Closing writes the log back.
            drop(open(damaged.path()));
        }
        let place = damaged.path().join(if in_log { LOG } else { FILE });
        let mut bytes = fs::read(&place).unwrap();
        for _ in 0..rng.usize(1..50) {
            let within = 1 << rng.u32(4..20);
            let at = rng.usize(0..bytes.len().min(within));
            bytes[at] = rng.u8(..);
        }
        fs::write(&place, bytes).unwrap();
        match SqliteEngine::open(damaged.path()) {
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains(FILE), "{error}");
            }
            Ok(engine) => {
                served += 1;
                let _ = engine.read_after(0, all()).await;
                let epoch = bounds(&engine).await.lineage.current();
                engine.append(epoch, vec![record("x").with_id("y")]).await;
                let _ = engine.find("y").await;
            }
        }
    }
    assert!(
        refused > 5 && served > 5,
        "{refused} refused, {served} served"
    );
}

#[test]
fn what_is_no_history_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join(FILE),
        "no database, but long enough".repeat(99),
    )
    .unwrap();
    let error = SqliteEngine::open(folder.path()).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Corrupt);
    assert!(
        error.to_string().contains("restore it from a backup"),
        "{error}"
    );
    fs::write(folder.path().join("file"), "").unwrap();
    let error = SqliteEngine::open(folder.path().join("file")).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Configuration);
}

/// SQLite keeps the version of the format in bytes 60 to 63 of the file.
#[test]
fn a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let place = folder.path().join(FILE);
    let mut bytes = fs::read(&place).unwrap();
    bytes[60..64].copy_from_slice(&2_u32.to_be_bytes());
    fs::write(&place, bytes).unwrap();
    let error = SqliteEngine::open(folder.path()).unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::NewerVersion);
    let expected = "written by a newer version (format 2, known here is 1)";
    assert!(error.to_string().contains(expected), "{error}");
}
