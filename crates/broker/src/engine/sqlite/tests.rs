use rusqlite::Error;
use rusqlite::ffi;

use super::error::Verdict;
use super::*;

fn failure(code: i32) -> Error {
    Error::SqliteFailure(ffi::Error::new(code), None)
}

#[test]
fn a_failed_fsync_stops_and_a_full_disk_does_not() {
    let place = Path::new("history.db");
    for code in [
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_DIR_FSYNC,
        ffi::SQLITE_CORRUPT,
    ] {
        let verdict = Verdict::of(&failure(code), place);
        assert!(matches!(verdict, Verdict::Stop(_)), "{code}");
        assert_eq!(verdict.outcome(), AppendOutcome::InDoubt, "{code}");
    }
    for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_BUSY] {
        let verdict = Verdict::of(&failure(code), place);
        assert!(matches!(verdict, Verdict::Refused(_)), "{code}");
        let refused = matches!(
            verdict.outcome(),
            AppendOutcome::Refused(Refusal::Unavailable { .. })
        );
        assert!(refused, "{code}");
    }
}

fn count(folder: &Path, table: &str) -> u64 {
    let connection = Connection::open(folder.join("history.db")).unwrap();
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let count: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
    count.cast_unsigned()
}

/// Where there is never a pause of a second, keys are forgotten all the same.
#[tokio::test]
async fn keys_do_not_pile_up_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let seconds = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let now = Arc::clone(&seconds);
    let clock = move || {
        let second = now.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        UNIX_EPOCH + Duration::from_secs(second)
    };
    let options = SqliteEngine::options().key_window(Duration::from_secs(10));
    let engine = options.clock(clock).open(folder.path()).unwrap();
    let epoch = engine.bounds().await.unwrap().lineage.current();
    for number in 0..200 {
        let key = crate::engine::IdempotencyKey::new("s", &number.to_string()).unwrap();
        let append = Append::new(1, 1, Bytes::from_static(b"x")).with_key(key);
        engine.append(epoch, vec![append]).await;
    }
    let keys = count(folder.path(), "keys");
    assert!((10..30).contains(&keys), "{keys} keys");
}

#[tokio::test]
async fn few_read_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let engine = SqliteEngine::open(folder.path()).unwrap();
    let (now, most) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let read = |_| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        tokio::spawn(Arc::clone(&engine.shared).read(move |_| {
            let there = {
                let mut now = now.lock().unwrap();
                *now += 1;
                *now
            };
            let highest = (*most.lock().unwrap()).max(there);
            *most.lock().unwrap() = highest;
            std::thread::sleep(Duration::from_millis(5));
            *now.lock().unwrap() -= 1;
            Ok(())
        }))
    };
    for read in (0..100).map(read).collect::<Vec<_>>() {
        read.await.unwrap().unwrap();
    }
    let most = *most.lock().unwrap();
    assert!((2..=readers::MOST).contains(&most), "{most}");
}

/// Also where others have read: their connections do not write it back.
#[tokio::test]
async fn dropping_writes_the_log_back() {
    let folder = tempfile::tempdir().unwrap();
    let engine = SqliteEngine::open(folder.path()).unwrap();
    let epoch = engine.bounds().await.unwrap().lineage.current();
    let append = Append::new(1, 1, Bytes::from_static(b"x"));
    engine.append(epoch, vec![append]).await;
    let page = engine
        .read_after(0, PageLimits::new(10, 1 << 20))
        .await
        .unwrap();
    assert_eq!(page.records.len(), 1);
    let log = folder.path().join("history.db-wal");
    assert!(log.exists());
    drop(engine);
    assert!(!log.exists());
}

#[test]
fn numbers_that_do_not_fit_are_damage() {
    for change in [
        "UPDATE history SET horizon = 0",
        "UPDATE history SET horizon = 9",
        "UPDATE history SET horizon = -1",
        "UPDATE history SET sequence = -1",
        "UPDATE history SET bytes = -1",
        "INSERT INTO records VALUES (9223372036854775807, 1, 1, NULL, x'00')",
    ] {
        let folder = tempfile::tempdir().unwrap();
        drop(SqliteEngine::open(folder.path()).unwrap());
        let connection = Connection::open(folder.path().join("history.db")).unwrap();
        connection.execute(change, []).unwrap();
        drop(connection);
        let error = SqliteEngine::open(folder.path()).unwrap_err();
        assert_eq!(
            error.kind(),
            super::super::EngineErrorKind::Corrupt,
            "{change}"
        );
    }
}
