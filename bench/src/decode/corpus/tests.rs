//! A corpus is what it says: the same every time, and its totals are what a plain reading of it finds.

use super::{Corpus, NAMES, Totals};

/// Reads the whole text the slow and obvious way.
fn plain_reading(text: &str) -> Totals {
    let (mut totals, mut event_type, mut id) = (Totals::default(), "", "");
    let mut data: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(value) = line.strip_prefix("data: ") {
            data.push(value);
        } else if let Some(value) = line.strip_prefix("event: ") {
            event_type = value;
        } else if let Some(value) = line.strip_prefix("id: ") {
            id = value;
        } else if line.is_empty() {
            if !data.is_empty() {
                let name = if event_type.is_empty() {
                    "message"
                } else {
                    event_type
                };
                totals.add(name, &data.join("\n"), id);
            }
            (event_type, data) = ("", Vec::new());
        } else {
            assert!(line.starts_with(':'), "{line:?} is no field of ours");
        }
    }
    totals
}

#[test]
fn totals_are_what_a_plain_reading_finds() {
    for name in NAMES {
        let corpus = Corpus::generate(name, 300_000).expect("a known name");
        for view in [corpus.whole(), corpus.prefix(70_000), corpus.prefix(1)] {
            let text = std::str::from_utf8(view.bytes()).expect("generated from text");
            assert_eq!(plain_reading(text), view.expected(), "{name}");
        }
        assert!(corpus.whole().is_whole());
        assert!(!corpus.prefix(1).is_whole());
    }
}

#[test]
fn a_corpus_is_the_same_every_time() {
    for name in NAMES {
        let first = Corpus::generate(name, 100_000).expect("a known name");
        let second = Corpus::generate(name, 100_000).expect("a known name");
        assert_eq!(first.whole().bytes(), second.whole().bytes(), "{name}");
    }
}

#[test]
fn sizes_are_as_documented() {
    let mean_data = |name| {
        let corpus = Corpus::generate(name, 1 << 20).expect("a known name");
        let expected = corpus.whole().expected();
        expected.data / expected.events
    };
    assert!(
        (115..=125).contains(&mean_data("tokens")),
        "{}",
        mean_data("tokens")
    );
    assert!(
        (240..=260).contains(&mean_data("data-only")),
        "{}",
        mean_data("data-only")
    );
    assert!(
        (1_400..=1_600).contains(&mean_data("wikimedia")),
        "{}",
        mean_data("wikimedia")
    );
    assert_eq!(mean_data("ticks"), 5);
    assert_eq!(mean_data("long-lines"), 65_536);
}

#[test]
fn an_unknown_name_is_refused() {
    assert!(Corpus::generate("nonsense", 1).is_none());
}
