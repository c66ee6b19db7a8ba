//! Topic selectors: an index and each selector by itself say the same. In: selectors, some of which go
//! again, and topics. Out: a panic when the two differ, or when a selector forgets what it was made of.
//!
//! Next: `peer.rs`.

use crate::Input;
use wellspring_matcher::{Index, Matches, Selector, SelectorId};

const SELECTORS: usize = 8;
const TOPICS: usize = 4;

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let mut index = Index::new();
    let mut held = Vec::new();
    for _ in 0..SELECTORS {
        let (goes, text) = (input.byte(), input.text());
        let Ok(selector) = Selector::parse(&text) else {
            continue;
        };
        look(&selector, &text);
        let id = index.insert(selector.clone()).expect("eight are no crowd");
        match goes % 4 {
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
    assert_eq!(selector.as_str(), text);
    assert!(selector.matches(text), "a selector matches its own text");
    assert!(text.starts_with(selector.literal_prefix()) || selector.is_any());
}

fn expected(held: &[(SelectorId, Selector)], topic: &str) -> Vec<SelectorId> {
    let found = held.iter().filter(|(_, selector)| selector.matches(topic));
    let mut ids: Vec<SelectorId> = found.map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    for (_, selector) in held.iter().filter(|(id, _)| ids.contains(id)) {
        let prefix = selector.literal_prefix();
        assert!(topic.starts_with(prefix) || selector.as_str() == topic);
    }
    ids
}
