use std::time::Duration;

use wellspring_proto::Block;

use super::*;

fn filter(criteria: Criteria, events: usize) -> Filter {
    let history = HistoryLimits::default().with_events(events);
    Filter::new(criteria, Epoch::new("e").unwrap(), &history)
}

fn types(names: &[&'static str]) -> Criteria {
    let names = names.iter().map(|name| EventType::new(*name).unwrap());
    Criteria {
        event_types: Some(names.collect()),
        predicate: None,
    }
}

fn event(event_type: &str, data: &str, id: u64) -> Vec<u8> {
    let block = Block::data(data).event_type(event_type).unwrap();
    block.id(id).unwrap().encode()
}

fn frame(blocks: &[Vec<u8>]) -> Bytes {
    blocks.concat().into()
}

#[test]
fn what_passes_as_a_whole_is_not_copied() {
    let frame = frame(&[
        event("a", "1", 1),
        event("b", "2", 2),
        event("b", "3\n\n4", 3),
        event("c", "5", 4),
    ]);
    let all = filter(types(&["a", "b", "c"]), 100).apply(&frame, 5);
    assert_eq!(all.unwrap().as_ptr_range(), frame.as_ptr_range());
    let part = filter(types(&["b"]), 100).apply(&frame, 5).unwrap();
    assert!(frame.as_ptr_range().contains(&part.as_ptr()));
    assert_eq!(part, [event("b", "2", 2), event("b", "3\n\n4", 3)].concat());
    let pieces = filter(types(&["a", "c"]), 100).apply(&frame, 5).unwrap();
    assert_eq!(pieces, [event("a", "1", 1), event("c", "5", 4)].concat());
    assert_eq!(filter(types(&["d"]), 100).apply(&frame, 5), None);
}

#[test]
fn the_default_type_has_a_name() {
    let frame = frame(&[event("", "1", 1), event("a", "2", 2)]);
    for name in ["message", ""] {
        let kept = filter(types(&[name]), 100).apply(&frame, 3).unwrap();
        assert_eq!(kept, event("", "1", 1));
    }
    assert_eq!(filter(types(&[]), 100).apply(&frame, 3), None);
}

#[test]
fn what_dispatches_no_event_passes() {
    let blocks = [
        Block::empty().encode(),
        Block::empty().comment("event: a").encode(),
        Block::empty().retry(Duration::from_secs(1)).encode(),
        Block::empty().id("7").unwrap().encode(),
    ];
    let never = Criteria {
        predicate: Some(Predicate::new(|_| false)),
        ..types(&["b"])
    };
    let frame = frame(&blocks);
    assert_eq!(filter(never, 100).apply(&frame, 5).unwrap(), frame);
}

#[test]
fn a_predicate_sees_the_event_as_it_arrives() {
    let predicate = |event: EventRef<'_>| {
        assert_eq!(event.last_event_id, event.data.lines().next().unwrap());
        assert_eq!(
            event.event_type == "odd",
            event.data.starts_with(['1', '3'])
        );
        event.event_type == "odd" && event.data.contains("\nx")
    };
    let criteria = Criteria {
        event_types: None,
        predicate: Some(Predicate::new(predicate)),
    };
    let frame = frame(&[
        event("odd", "1\nx", 1),
        event("", "2\nx", 2),
        event("odd", "3", 3),
    ]);
    let kept = filter(criteria, 100).apply(&frame, 4).unwrap();
    assert_eq!(kept, event("odd", "1\nx", 1));
}

#[test]
fn the_position_is_told_after_a_long_run_and_in_silence() {
    let mut filter = filter(types(&["a"]), 40);
    let skipped = frame(&[event("b", "x", 0), event("b", "x", 0)]);
    assert_eq!(filter.apply(&skipped, 3), None);
    assert_eq!(filter.apply(&skipped, 5), None);
    let run_of_5 = filter.apply(&frame(&[event("b", "x", 0)]), 6);
    assert_eq!(run_of_5.unwrap(), "id: e-5\n\n");
    assert_eq!(filter.comment(6), None, "told already");
    assert_eq!(filter.apply(&skipped, 8), None);
    assert_eq!(filter.comment(8).unwrap(), ":\nid: e-7\n\n");
    let seen = frame(&[event("b", "x", 0), event("a", "x", 9)]);
    assert!(filter.apply(&seen, 10).is_some());
    assert_eq!(filter.comment(10), None, "the event told it");
    let large = frame(&[event("a", "x", 10), event("b", &"x".repeat(300_000), 11)]);
    let sent = filter.apply(&large, 12).unwrap();
    assert_eq!(
        sent,
        [event("a", "x", 10), b"id: e-11\n\n".to_vec()].concat()
    );
}
