#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;
use wellspring_proto::Event;

use super::{FileStore, record};
use crate::store::tests::{
    Readable, events, fails, folder_for, ids, keeps_events_and_position, read,
};
use crate::store::{Durability, Store, StoreError, StoreErrorKind, StoredEvent};

fn folder() -> (TempDir, PathBuf) {
    folder_for("a.events")
}

impl Readable for FileStore {
    fn visit(
        &mut self,
        source: &str,
        after: u64,
        visit: impl FnMut(StoredEvent<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read(source, after, visit)
    }
}

/// A store with two records, its bytes, and where the records end.
fn two_records(path: &PathBuf) -> (Vec<u8>, Vec<usize>) {
    let mut store = FileStore::open(path).unwrap();
    let mut ends = vec![usize::try_from(store.end).unwrap()];
    for numbers in [1..=2, 3..=5] {
        let last = numbers.end().to_string();
        store.commit("a", &events(numbers), &last).unwrap();
        ends.push(usize::try_from(store.end).unwrap());
    }
    (fs::read(path).unwrap(), ends)
}

#[test]
fn a_file_keeps_events_and_position() {
    let (_folder, path) = folder();
    keeps_events_and_position(|| FileStore::open(&path).unwrap());
    let store = FileStore::open(&path).unwrap();
    assert_eq!(store.sources(), ["a", "b"]);
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_at_opening() {
    let (_folder, path) = folder();
    let (whole, ends) = two_records(&path);
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let mut store = FileStore::open(&path).unwrap();
        let kept = ends.iter().rposition(|end| *end <= length).unwrap_or(0);
        let position = store.position("a").unwrap();
        assert_eq!(
            position.as_deref(),
            [None, Some("2")][kept],
            "{length} bytes"
        );
        store.commit("a", &events(9..=9), "9").unwrap();
        drop(store);
        let mut store = FileStore::open(&path).unwrap();
        let all = read(&mut store, "a", 0);
        let expected: &[&str] = if kept == 0 { &["9"] } else { &["1", "2", "9"] };
        assert_eq!(ids(&all), expected, "{length} bytes");
    }
}

#[test]
fn a_head_of_which_only_the_length_reached_the_disk_is_written_again() {
    let (_folder, path) = folder();
    for length in 0..=record::HEAD {
        fs::write(&path, vec![0; length]).unwrap();
        let mut store = FileStore::open(&path).unwrap();
        store.commit("a", &events(1..=1), "1").unwrap();
        drop(store);
        let mut store = FileStore::open(&path).unwrap();
        assert_eq!(ids(&read(&mut store, "a", 0)), ["1"], "{length} zeros");
    }
}

#[test]
fn a_tail_of_zeros_or_noise_is_cut_at_opening() {
    let (_folder, path) = folder();
    let (whole, ends) = two_records(&path);
    for noise in [0, 0x5A, 0xFF] {
        for begin in [ends[1], ends[1] + 5, ends[1] + 20, ends[2] - 1, ends[2]] {
            let mut bytes = whole.clone();
            bytes[begin..].fill(noise);
            bytes.extend(vec![noise; 100_000]);
            fs::write(&path, &bytes).unwrap();
            let mut store = FileStore::open(&path).unwrap();
            let kept = if begin == ends[2] { 5 } else { 2 };
            assert_eq!(read(&mut store, "a", 0).len(), kept);
            let length = usize::try_from(fs::metadata(&path).unwrap().len()).unwrap();
            assert!(ends.contains(&length), "{length}");
        }
    }
}

#[test]
fn damage_before_the_last_record_is_an_error_and_nothing_is_cut() {
    let (_folder, path) = folder();
    let (whole, ends) = two_records(&path);
    for at in ends[0]..ends[1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        let says = format!("bytes {} to {}", ends[0], ends[1]);
        fails(
            FileStore::open(&path),
            StoreErrorKind::Corrupt,
            &[&says, "cut the file to"],
        );
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

/// What a server sends may look like a record, and stand whole in what a crash left of one.
#[test]
fn a_record_in_the_data_of_an_event_is_none() {
    let (_folder, path) = folder();
    let (whole, ends) = two_records(&path);
    let mut times = (0..1_000_000).map(|ms| std::time::UNIX_EPOCH + Duration::from_millis(ms));
    let forged = times.find_map(|time| {
        let record = record::encode(0, time, "a", "forged", &[]).unwrap();
        String::from_utf8(record).ok()
    });
    let forged = Event::new("", &forged.unwrap(), "6");
    let mut store = FileStore::open(&path).unwrap();
    store.commit("a", &[forged], "6").unwrap();
    drop(store);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[..ends[2]], whole);
    for lost in [0, 4, 12] {
        // The last byte did not reach the disk, and neither did the beginning.
        let mut torn = bytes[..bytes.len() - 1].to_vec();
        torn[ends[2]..ends[2] + lost].fill(0);
        fs::write(&path, &torn).unwrap();
        let mut store = FileStore::open(&path).unwrap();
        assert_eq!(store.position("a").unwrap().as_deref(), Some("5"));
        assert_eq!(store.cut_off(), (torn.len() - ends[2]) as u64);
        drop(store);
        assert_eq!(fs::read(&path).unwrap(), whole);
        assert_eq!(FileStore::open(&path).unwrap().cut_off(), 0);
    }
}

/// With it everything would look torn.
#[test]
fn damage_of_the_files_head_is_an_error_and_nothing_is_cut() {
    let (_folder, path) = folder();
    let (whole, _) = two_records(&path);
    for at in 16..record::HEAD {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        fails(
            FileStore::open(&path),
            StoreErrorKind::Corrupt,
            &["at its head", "restore it from a copy"],
        );
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let (_folder, path) = folder();
    fails(
        FileStore::open_read_only(&path),
        StoreErrorKind::CannotOpen,
        &["a.events"],
    );
    let mut store = FileStore::open(&path)
        .unwrap()
        .with_durability(Durability::OperatingSystem);
    store.commit("a", &events(1..=2), "2").unwrap();
    fails(
        FileStore::open(&path),
        StoreErrorKind::Locked,
        &["a.events", "in use", "end the other program"],
    );
    let now = std::time::SystemTime::now();
    let half = &record::encode(store.seed, now, "a", "3", &events(3..=3)).unwrap();
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(&half[..20]).unwrap();
    let mut reader = FileStore::open_read_only(&path).unwrap();
    assert_eq!(ids(&read(&mut reader, "a", 0)), ["1", "2"]);
    fails(
        reader.commit("a", &[], "3"),
        StoreErrorKind::ReadOnly,
        &["opened to be read"],
    );
    store.commit("a", &events(3..=3), "3").unwrap();
    drop(store);
    let mut store = FileStore::open(&path).unwrap();
    assert_eq!(ids(&read(&mut store, "a", 0)), ["1", "2", "3"]);
}

#[test]
fn other_files_and_later_versions_are_refused_and_left_alone() {
    let (_folder, path) = folder();
    for other in ["hello", "a text that is longer than the head of a store"] {
        fs::write(&path, other).unwrap();
        fails(
            FileStore::open(&path),
            StoreErrorKind::NotAStore,
            &["a.events", "choose another file"],
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
    }
    let mut head = record::new_head();
    head[12] = 7;
    fs::write(&path, head).unwrap();
    fails(
        FileStore::open(&path),
        StoreErrorKind::NewerVersion,
        &["its version is 7", "known here is 1"],
    );
    fails(
        FileStore::open("/nowhere/a.events"),
        StoreErrorKind::CannotOpen,
        &["/nowhere/a.events"],
    );
}

/// A file that takes no more, as on a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_nothing_that_was_committed() {
    let (_folder, path) = folder();
    let mut store = FileStore::open(&path).unwrap();
    store.commit("a", &events(1..=2), "2").unwrap();
    let real = std::mem::replace(&mut store.file, full_device());
    fails(
        store.commit("a", &events(3..=3), "3"),
        StoreErrorKind::Full,
        &["no space", "nothing that was committed is lost"],
    );
    store.file = real;
    assert_eq!(store.position("a").unwrap().as_deref(), Some("2"));
    store.commit("a", &events(3..=3), "3").unwrap();
    assert_eq!(ids(&read(&mut store, "a", 0)), ["1", "2", "3"]);
}

#[cfg(target_os = "linux")]
fn full_device() -> fs::File {
    let mut options = OpenOptions::new();
    options.read(true).write(true).open("/dev/full").unwrap()
}

#[test]
fn more_than_a_record_holds_is_refused() {
    let (_folder, path) = folder();
    let mut store = FileStore::open(&path).unwrap();
    let large = "x".repeat(record::LARGEST / 16);
    let large = Event::new("", &large, "");
    fails(
        store.commit("a", &vec![large; 17], "1"),
        StoreErrorKind::TooLarge,
        &["fewer events"],
    );
    store.commit("a", &events(1..=1), "1").unwrap();
}
