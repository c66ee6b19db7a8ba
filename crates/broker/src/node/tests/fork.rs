//! A tail that is lost while a reader is busy with events that it has taken.

use std::task::Waker;

use wellspring_matcher::Selector;

use crate::cursor::Epoch;
use crate::engine::{Bounds, StoredRecord};
use crate::event::Event;
use crate::node::{Join, LatestLimits, Node, Place, Read, WindowLimits};
use crate::record;
use crate::update::Update;

fn apply(node: &mut Node, sequence: u64) {
    let record = record::encode(&Update::new("/a").unwrap().data("x"));
    let event = Event::new(
        &StoredRecord::new(sequence, sequence, record),
        node.lineage(),
    );
    node.apply(event, &mut Vec::new()).unwrap();
}

#[test]
fn what_was_taken_before_a_loss_and_dealt_with_after_it_is_told() {
    let bounds = Bounds::empty(Epoch::new(1));
    let (events, bytes) = (100, 100_000);
    let latest = LatestLimits { topics: 0, bytes };
    let mut node = Node::new(&bounds, WindowLimits { events, bytes }, latest, None);
    (1..=5).for_each(|sequence| apply(&mut node, sequence));
    let reader = Join {
        selectors: vec![Selector::parse("/a").unwrap()],
        grants: Vec::new(),
        place: Place::new(0, 0),
    };
    let key = node.join(reader).unwrap();
    let Read::Run(run) = node.read(key, Waker::noop()) else {
        panic!("it has to look through what was there before it came")
    };
    assert_eq!(run.len(), 5);
    let mut now = bounds;
    now.lineage.fork(2, Epoch::new(2));
    (now.head, now.head_tag) = (2, 2);
    node.rewind(&now, &mut Vec::new());
    node.advance(key, Place::new(5, 5));
    assert!(matches!(node.read(key, Waker::noop()), Read::Rewritten));
    assert_eq!(node.place(key).unwrap().sequence, 2);
    apply(&mut node, 3);
    let Read::Event(event) = node.read(key, Waker::noop()) else {
        panic!("it is owed what follows the fork")
    };
    assert_eq!(event.sequence, 3);
}
