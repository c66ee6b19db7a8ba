//! How much memory the recent events take.

use wellspring_matcher::Selector;

use crate::cursor::Epoch;
use crate::engine::{Bounds, StoredRecord};
use crate::event::Event;
use crate::node::{Join, LatestLimits, Node, Place, WindowLimits};
use crate::record;
use crate::update::Update;

/// An event has its number in the list of each selector that matches it: those are bytes, too.
#[test]
fn selectors_that_match_count() {
    const SELECTORS: usize = 1_000;
    let (events, bytes) = (100_000, 1 << 20);
    let latest = LatestLimits { topics: 0, bytes };
    let bounds = Bounds::empty(Epoch::new(1));
    let mut node = Node::new(&bounds, WindowLimits { events, bytes }, latest, None);
    let selectors = (0..SELECTORS).map(|n| Selector::parse(&format!("/a/{{n{n}}}")).unwrap());
    let reader = Join {
        selectors: selectors.collect(),
        grants: Vec::new(),
        place: Place::new(0, 0),
    };
    node.join(reader).unwrap();
    for sequence in 1..=500 {
        let record = record::encode(&Update::new("/a/1").unwrap());
        let event = Event::new(&StoredRecord::new(sequence, 7, record), node.lineage());
        node.apply(event, &mut Vec::new()).unwrap();
    }
    let (kept, counted) = node.window_size();
    assert!((50..=1_000).contains(&kept), "{kept}");
    assert!(kept * SELECTORS * 12 <= bytes, "{kept} events");
    assert!(counted <= bytes);
}
