use super::*;

use super::seen::{EVENTS, ID_BYTES};
use wellspring_proto::EventRef;

fn see(seen: &mut Seen, id: &str, data: &str) {
    seen.add_event(EventRef::new("", data, id), true, Duration::ZERO);
}

#[test]
fn an_id_is_ones_own_if_its_block_has_it_and_it_is_not_empty() {
    let mut seen = Seen::default();
    for (id, has_id) in [
        ("", false),
        ("", true),
        ("1", true),
        ("1", false),
        ("1", true),
    ] {
        seen.add_event(EventRef::new("", "a", id), has_id, Duration::ZERO);
    }
    let own: Vec<bool> = seen.events.iter().map(|event| event.own_id).collect();
    assert_eq!(own, [false, false, true, false, true]);
    assert_eq!((seen.own_ids(), seen.own().len()), (2, 2));
}

/// The rest is counted, and what is remembered has no gap.
#[test]
fn what_is_remembered_is_bounded_in_events_and_in_bytes() {
    let mut seen = Seen::default();
    for number in 0..20_000 {
        see(&mut seen, "7", &number.to_string());
    }
    assert_eq!((seen.events.len(), seen.event_count), (EVENTS, 20_000));

    let mut seen = Seen::default();
    for number in 0..1_000 {
        see(&mut seen, &format!("{number:060000}"), "a");
        // It is not held twice.
        see(&mut seen, &format!("{number:060000}"), "b");
    }
    see(&mut seen, "short", "c");
    let held: usize = seen.events.iter().map(|event| event.id.len()).sum();
    assert!((ID_BYTES..=2 * ID_BYTES).contains(&held), "{held}");
    assert_eq!(seen.event_count, 2_001);
    assert!(seen.events.iter().all(|event| &*event.id != "short"));
}

#[test]
fn a_limit_is_told_without_the_names_of_the_library() {
    let limits = wellspring_proto::Limits::default().with_line(4);
    let mut decoder = Decoder::with_limits(limits);
    let exceeded = decoder.decode(b"data: 12345", |_| ControlFlow::Continue(()));
    let How::TooLong(what) = too_long(&exceeded.unwrap_err()) else {
        panic!("not too long");
    };
    assert_eq!(what, "one line has more than 4 bytes (byte 10)");
}
