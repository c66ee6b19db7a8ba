//! The index against what each of its selectors says by itself.

use crate::generated::{template, topic};
use wellspring_matcher::{Index, Matches, Selector, SelectorId};

/// A selector of any kind, of few enough letters that many share what they begin with.
fn selector(rng: &mut fastrand::Rng) -> Selector {
    let text = template(rng).template;
    match rng.u8(0..10) {
        0 => Selector::any(),
        1..=3 => Selector::exact(&topic(rng, &text)).unwrap(),
        _ => Selector::parse(&text).unwrap(),
    }
}

#[test]
fn the_index_finds_what_matches_while_selectors_come_and_go() {
    for seed in 0..150 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut index = Index::new();
        let mut held: Vec<(SelectorId, Selector)> = Vec::new();
        let mut matches = Matches::new();
        for _ in 0..120 {
            if rng.u8(0..3) > 0 || held.is_empty() {
                let selector = selector(&mut rng);
                held.push((index.insert(selector.clone()).unwrap(), selector));
            } else {
                let (id, _) = held.swap_remove(rng.usize(0..held.len()));
                index.remove(id);
            }
            let (_, near) = rng
                .choice(&held)
                .cloned()
                .unwrap_or((index_of_any(), Selector::any()));
            let topics = [
                topic(&mut rng, near.as_str()),
                topic(&mut rng, near.as_str()),
            ];
            let topics = &topics[..rng.usize(1..=2)];
            index.find_any(topics.iter().map(String::as_str), &mut matches);
            let found = held
                .iter()
                .filter(|(_, s)| topics.iter().any(|topic| s.matches(topic)));
            let mut expected: Vec<SelectorId> = found.map(|(id, _)| *id).collect();
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(matches.ids(), expected, "seed {seed}: {topics:?}");
        }
        let mut different: Vec<&Selector> = held.iter().map(|(_, selector)| selector).collect();
        different.sort();
        different.dedup();
        assert_eq!(index.len(), different.len());
        for (id, selector) in &held {
            assert_eq!(index.get(*id), Some(selector));
        }
    }
}

/// The number of the only selector of another index.
fn index_of_any() -> SelectorId {
    Index::new().insert(Selector::any()).unwrap()
}

#[test]
fn a_number_that_is_not_in_use_is_removed_without_harm() {
    let mut index = Index::new();
    let id = index.insert(Selector::parse("/{a}").unwrap()).unwrap();
    index.remove(id);
    index.remove(id);
    index.remove(index_of_any());
    assert!(index.is_empty() && index.get(id).is_none());
    let mut matches = Matches::new();
    index.find("/a", &mut matches);
    assert!(matches.ids().is_empty());
    assert_eq!(
        index.insert(Selector::exact("b").unwrap()).unwrap(),
        id,
        "free again"
    );
}

#[test]
fn numbers_and_nodes_are_used_again() {
    let mut index = Index::new();
    for round in 0..1_000 {
        let selectors = (0..10).map(|n| Selector::parse(&format!("/{round}/{{a}}/{n}")).unwrap());
        let ids: Vec<SelectorId> = selectors.map(|s| index.insert(s).unwrap()).collect();
        assert!(ids.iter().all(|id| id.index() < 10));
        for id in ids {
            index.remove(id);
        }
    }
    assert!(index.is_empty());
}
