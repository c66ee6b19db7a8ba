#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use self::every_store::{
    Readable, event, events, fails, folder_for, ids, keeps_events_and_position, read,
};
use super::SqliteStore;
use wellspring::Event;
use wellspring::store::{Durability, Store, StoreError, StoreErrorKind, StoredEvent};

/// What the stores of the client must do as well.
#[path = "../../../client/src/store/tests.rs"]
mod every_store;

fn folder() -> (TempDir, PathBuf) {
    folder_for("events.db")
}

impl Readable for SqliteStore {
    fn visit(
        &mut self,
        source: &str,
        after: u64,
        visit: impl FnMut(StoredEvent<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read(source, after, visit)
    }
}

#[test]
fn sqlite_keeps_events_and_position() {
    let (_folder, path) = folder();
    keeps_events_and_position(|| SqliteStore::open(&path).unwrap());
    let mut store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.sources().unwrap(), ["a", "b"]);
}

#[test]
fn the_journal_is_a_write_ahead_log() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    let pragma = |store: &SqliteStore, name| -> String {
        let sql = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
        let connection = store.connection();
        connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(pragma(&store, "journal_mode"), "wal");
    assert_eq!(pragma(&store, "synchronous"), "2");
    let store = store.with_durability(Durability::OperatingSystem).unwrap();
    assert_eq!(pragma(&store, "synchronous"), "1");
}

#[test]
fn who_reads_does_not_wait_for_who_writes() {
    let (_folder, path) = folder();
    fails(
        SqliteStore::open_read_only(&path),
        StoreErrorKind::CannotOpen,
        &["events.db", "check the path"],
    );
    let mut store = SqliteStore::open(&path).unwrap();
    store.commit("a", &events(1..=2), "2").unwrap();
    let mut reader = SqliteStore::open_read_only(&path).unwrap();
    let open = store.connection.unchecked_transaction().unwrap();
    SqliteStore::commit_in(&open, "a", &events(3..=3), "3").unwrap();
    assert_eq!(ids(&read(&mut reader, "a", 0)), ["1", "2"]);
    open.commit().unwrap();
    assert_eq!(ids(&read(&mut reader, "a", 0)), ["1", "2", "3"]);
    fails(
        reader.commit("a", &[], "4"),
        StoreErrorKind::ReadOnly,
        &["permissions"],
    );
}

#[test]
fn a_second_writer_waits_and_then_says_so() {
    let (_folder, path) = folder();
    let mut first = SqliteStore::open(&path).unwrap();
    let mut second = SqliteStore::open(&path).unwrap();
    second.connection.busy_timeout(Duration::ZERO).unwrap();
    let behavior = rusqlite::TransactionBehavior::Immediate;
    let open = first.connection.transaction_with_behavior(behavior);
    fails(
        second.commit("a", &events(1..=1), "1"),
        StoreErrorKind::Locked,
        &["events.db", "in use", "end the other program"],
    );
    drop(open);
    second.commit("a", &events(1..=1), "1").unwrap();
    assert_eq!(ids(&read(&mut second, "a", 0)), ["1"]);
}

#[test]
fn two_that_record_the_same_source_are_found_out() {
    let (_folder, path) = folder();
    let mut first = SqliteStore::open(&path).unwrap();
    let mut second = SqliteStore::open(&path).unwrap();
    assert_eq!(first.position("a").unwrap(), None);
    assert_eq!(second.position("a").unwrap(), None);
    first.commit("a", &events(1..=1), "1").unwrap();
    fails(
        second.commit("a", &events(1..=1), "1"),
        StoreErrorKind::Conflict,
        &["recorded a", "only one program"],
    );
    second.commit("b", &events(1..=1), "1").unwrap();
    first.commit("a", &events(2..=2), "2").unwrap();
    assert_eq!(ids(&read(&mut first, "a", 0)), ["1", "2"]);
    // Who asks again knows again.
    assert_eq!(second.position("a").unwrap().as_deref(), Some("2"));
    second.commit("a", &events(3..=3), "3").unwrap();
}

#[test]
fn tables_of_the_program_move_with_the_position() {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch("CREATE TABLE seen (data TEXT, position TEXT)")
        .unwrap();
    let mut fail = false;
    let mut store = SqliteStore::with_connection(connection)
        .unwrap()
        .with_events(false)
        .with_each_commit(move |transaction, events, position| {
            let mut insert = transaction.prepare("INSERT INTO seen VALUES (?1, ?2)")?;
            for event in events {
                insert.execute([event.data(), position])?;
            }
            fail = !fail;
            if fail {
                return Ok(());
            }
            Err(rusqlite::Error::QueryReturnedNoRows)
        });
    store.commit("a", &events(1..=2), "2").unwrap();
    fails(
        store.commit("a", &events(3..=3), "3"),
        StoreErrorKind::Other,
        &[],
    );
    store.commit("a", &events(3..=3), "3").unwrap();
    assert!(read(&mut store, "a", 0).is_empty());
    assert_eq!(store.position("a").unwrap().as_deref(), Some("3"));
    let sql = "SELECT group_concat(data || position) FROM seen";
    let seen: String = store
        .connection()
        .query_row(sql, [], |row| row.get(0))
        .unwrap();
    assert_eq!(seen, "data 12,data 22,data 33");
}

#[test]
fn a_transaction_of_the_program_decides() {
    let mut connection = Connection::open_in_memory().unwrap();
    SqliteStore::prepare(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    SqliteStore::commit_in(&transaction, "a", &[event(1)], "1").unwrap();
    assert_eq!(
        SqliteStore::position_in(&transaction, "a")
            .unwrap()
            .as_deref(),
        Some("1")
    );
    transaction.rollback().unwrap();
    assert_eq!(SqliteStore::position_in(&connection, "a").unwrap(), None);
    let transaction = connection.transaction().unwrap();
    SqliteStore::prepare(&transaction).unwrap();
    SqliteStore::commit_in(&transaction, "a", &[], "2").unwrap();
    transaction.commit().unwrap();
    let mut store = SqliteStore::with_connection(connection).unwrap();
    assert_eq!(store.position("a").unwrap().as_deref(), Some("2"));
}

#[test]
fn other_files_and_later_versions_are_refused() {
    let (_folder, path) = folder();
    fs::write(&path, "not a database, and longer than a head\n".repeat(30)).unwrap();
    fails(
        SqliteStore::open(&path),
        StoreErrorKind::NotAStore,
        &["events.db", "no event store", "choose another file"],
    );
    fails(
        SqliteStore::open_read_only(&path),
        StoreErrorKind::NotAStore,
        &[],
    );
    fs::remove_file(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE a (b)").unwrap();
    fails(
        SqliteStore::open_read_only(&path),
        StoreErrorKind::NotAStore,
        &["no tables of events"],
    );
    let store = SqliteStore::open(&path).unwrap();
    let newer = "UPDATE wellspring_version SET version = 9";
    store.connection().execute(newer, []).unwrap();
    drop(store);
    fails(
        SqliteStore::open(&path),
        StoreErrorKind::NewerVersion,
        &["version 9", "known here is 1", "use that version"],
    );
    fails(
        SqliteStore::open("/nowhere/events.db"),
        StoreErrorKind::CannotOpen,
        &["/nowhere/events.db", "check the path"],
    );
}

#[test]
fn a_full_disk_loses_nothing_that_was_committed() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.commit("a", &events(1..=2), "2").unwrap();
    let pages: i64 = store
        .connection()
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let limit = |pages| format!("PRAGMA max_page_count = {pages}");
    let set = |store: &SqliteStore, pages: i64| {
        let sql = limit(pages);
        let set: i64 = store
            .connection()
            .query_row(&sql, [], |row| row.get(0))
            .unwrap();
        assert_eq!(set, pages);
    };
    set(&store, pages + 1);
    fails(
        store.commit("a", &events(3..=2000), "2000"),
        StoreErrorKind::Full,
        &["no space", "nothing that was committed is lost"],
    );
    assert_eq!(ids(&read(&mut store, "a", 0)), ["1", "2"]);
    set(&store, 100_000);
    store.commit("a", &events(3..=2000), "2000").unwrap();
    assert_eq!(read(&mut store, "a", 0).len(), 2000);
}
