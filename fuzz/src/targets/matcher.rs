//! Topic selectors: an index and each selector by itself say the same. In: selectors, some of which go
//! again, and topics. Out: a panic when the two differ, or when a selector forgets what it was made of.
//!
//! Next: `peer.rs`.

use crate::Input;
use url::Url;
use wellspring_matcher::{Index, Matches, Selector, SelectorId};

const SELECTORS: usize = 8;
const TOPICS: usize = 4;

/// From here on the flags mean a URL pattern.
const PATTERN: u8 = 128;

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let base: Url = "https://hub.example/a/b".parse().expect("it is a URL");
    let mut index = Index::with_base(base.clone());
    let mut held = Vec::new();
    for _ in 0..SELECTORS {
        let (flags, text) = (input.byte(), input.text());
        let is_pattern = flags >= PATTERN;
        let parsed = match is_pattern {
            true => Selector::url_pattern(&text, Some(&base)),
            false => Selector::parse(&text),
        };
        let Ok(selector) = parsed else {
            continue;
        };
        assert_eq!(selector.as_str(), text);
        if !is_pattern {
            look(&selector, &text);
        }
        let id = index.insert(selector.clone()).expect("eight are no crowd");
        match flags % 4 {
            0 => index.remove(id),
            _ => held.push((id, selector)),
        }
    }
    let mut matches = Matches::new();
    for _ in 0..TOPICS {
        let topic = input.text();
        index.find(&topic, &mut matches);
        assert_eq!(matches.ids(), expected(&held, &topic), "{topic:?}");
    }
    for (id, _) in held {
        index.remove(id);
    }
    assert!(index.is_empty());
}

fn look(selector: &Selector, text: &str) {
    assert!(selector.matches(text), "a selector matches its own text");
    assert!(text.starts_with(selector.literal_prefix()) || selector.is_any());
}

fn expected(held: &[(SelectorId, Selector)], topic: &str) -> Vec<SelectorId> {
    let found = held.iter().filter(|(_, selector)| selector.matches(topic));
    let mut ids: Vec<SelectorId> = found.map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
