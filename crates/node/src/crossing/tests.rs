use super::*;
use wellspring::EventRef;

fn message<'a>(event_type: &'a str, data: &'a str, id: &'a str) -> EventRef<'a> {
    EventRef::new(event_type, data, id)
}

#[test]
fn an_id_crosses_once() {
    let (mut known, mut crossing) = (Known::new("1"), Crossing::default());
    known.push_message(message("", "a", "1"), &mut crossing);
    known.push_message(message("", "b", "2"), &mut crossing);
    known.push_message(message("", "c", "2"), &mut crossing);
    assert_eq!(crossing.text, b"ab2c");
    let ids: Vec<u32> = vec![ASCII, 1, ASCII | NEW_ID | ID_ASCII, 2, 3, ASCII, 4];
    assert_eq!(crossing.words, ids);
}

#[test]
fn an_emptied_id_crosses_as_an_empty_text() {
    let (mut known, mut crossing) = (Known::new("1"), Crossing::default());
    known.push_position("", &mut crossing);
    known.push_message(message("", "a", ""), &mut crossing);
    assert_eq!(crossing.words, [POSITION | ASCII, 0, ASCII, 1]);
}

#[test]
fn a_type_is_told_once_and_then_by_number() {
    let (mut known, mut crossing) = (Known::new(""), Crossing::default());
    for event_type in ["", "tick", "message", "tick"] {
        known.push_message(message(event_type, "", ""), &mut crossing);
    }
    assert_eq!(crossing.types, ["tick"]);
    let numbers: Vec<u32> = crossing
        .words
        .chunks(2)
        .map(|entry| entry[0] >> TYPE_SHIFT)
        .collect();
    assert_eq!(numbers, [0, 1, 0, 1]);
}

#[test]
fn a_type_beyond_the_table_follows_its_message() {
    let (mut known, mut crossing) = (Known::new(""), Crossing::default());
    for number in 1..TYPES {
        known.push_message(message(&format!("type-{number}"), "", ""), &mut crossing);
    }
    crossing.clear();
    known.push_message(message("one-more", "é", "7"), &mut crossing);
    assert_eq!(crossing.text, "é7one-more".as_bytes());
    assert_eq!(crossing.words, [NEW_ID | ID_ASCII | TYPE_FOLLOWS, 2, 3, 11]);
    assert!(crossing.types.is_empty());
}

#[test]
fn a_crossing_is_full_by_text_or_by_entries() {
    let (mut known, mut crossing) = (Known::new(""), Crossing::default());
    known.push_message(message("", &"x".repeat(FULL_TEXT), ""), &mut crossing);
    assert!(crossing.is_full());
    crossing.clear();
    assert!(crossing.is_empty() && !crossing.is_full());
    for _ in 0..FULL_WORDS / 2 {
        known.push_message(message("", "", ""), &mut crossing);
    }
    assert!(crossing.is_full());
}

#[test]
fn room_for_an_unusual_event_is_given_back() {
    let mut crossing = Crossing::default();
    Known::new("").push_message(message("", &"x".repeat(10 * FULL_TEXT), ""), &mut crossing);
    crossing.clear();
    assert!(crossing.text.capacity() <= 2 * FULL_TEXT);
}

#[test]
fn a_long_reconnection_time_saturates() {
    let mut crossing = Crossing::default();
    crossing.push_reconnection_time(Duration::MAX);
    assert_eq!(crossing.words, [RECONNECTION_TIME, u32::MAX]);
}
