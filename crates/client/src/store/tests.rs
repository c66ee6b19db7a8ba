//! What every store must do. In: a way to open one. Out: assertions.
//!
//! Next: `file/tests.rs`; the crate `wellspring-sqlite` runs them too.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::{Event, Store, StoreError, StoreErrorKind, StoredEvent};
use tempfile::TempDir;

pub(crate) fn event(number: u64) -> Event {
    Event::new("", &format!("data {number}"), &number.to_string())
}

pub(crate) fn events(numbers: std::ops::RangeInclusive<u64>) -> Vec<Event> {
    numbers.map(event).collect()
}

/// A file that is not there, in a folder that goes with what is returned.
pub(crate) fn folder_for(name: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    (folder, path)
}

/// A store that can be read back.
pub(crate) trait Readable: Store {
    fn visit(
        &mut self,
        source: &str,
        after: u64,
        visit: impl FnMut(StoredEvent<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError>;
}

/// What `read` visits.
pub(crate) struct Visited {
    pub(crate) sequence: u64,
    pub(crate) stored_at: SystemTime,
    pub(crate) event: Event,
}

pub(crate) fn read(store: &mut impl Readable, source: &str, after: u64) -> Vec<Visited> {
    let mut all = Vec::new();
    let read = store.visit(source, after, |stored| {
        all.push(Visited {
            sequence: stored.sequence,
            stored_at: stored.stored_at,
            event: stored.event.to_event(),
        });
        ControlFlow::Continue(())
    });
    read.unwrap();
    all
}

/// Everything that is stored of a source, and what it is stored with, in one text.
pub(crate) fn ids(visited: &[Visited]) -> Vec<&str> {
    let visited = visited.iter();
    visited
        .map(|visited| visited.event.last_event_id())
        .collect()
}

pub(crate) fn keeps_events_and_position<S: Readable>(open: impl Fn() -> S) {
    let mut store = open();
    assert_eq!(store.position("a").unwrap(), None);
    store.commit("a", &events(1..=3), "3").unwrap();
    store.commit("b", &events(1..=1), "1").unwrap();
    store.commit("a", &[], "é\u{1}").unwrap();
    store.commit("a", &events(5..=5), "5").unwrap();
    let odd = Event::new("notice", "a\0b\n\u{1F980}", "");
    store.commit("a", std::slice::from_ref(&odd), "").unwrap();
    drop(store);

    let mut store = open();
    assert_eq!(store.position("a").unwrap().as_deref(), Some(""));
    assert_eq!(store.position("b").unwrap().as_deref(), Some("1"));
    assert_eq!(store.position("c").unwrap(), None);
    let all = read(&mut store, "a", 0);
    assert_eq!(ids(&all), ["1", "2", "3", "5", ""]);
    assert_eq!(all[0].event, event(1));
    assert_eq!(all[4].event, odd);
    let sequences: Vec<u64> = all.iter().map(|visited| visited.sequence).collect();
    assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
    assert!(sequences[0] >= 1);
    let later = read(&mut store, "a", sequences[2]);
    assert_eq!(ids(&later), ["5", ""]);
    assert_eq!(ids(&read(&mut store, "b", 0)), ["1"]);
    assert!(read(&mut store, "c", 0).is_empty());
    let mut visits = 0;
    store
        .visit("a", 0, |_| {
            visits += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(visits, 1);
    let age = all[0].stored_at.elapsed().unwrap_or_default();
    assert!(age < Duration::from_secs(600), "{age:?}");
}

pub(crate) fn fails<T>(result: Result<T, StoreError>, kind: StoreErrorKind, says: &[&str]) {
    let Err(error) = result else {
        panic!("it should have failed: {kind:?}");
    };
    assert_eq!(error.kind(), kind, "{error}");
    let text = format!("{error:#} ({})", error.help());
    for part in says {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}
