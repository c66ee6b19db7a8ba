use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;
use core::time::Duration;
use std::string::ToString;

use super::*;
use crate::{Decoder, Item};

fn text(block: &Block<'_>) -> String {
    let bytes = block.encode();
    assert_eq!(bytes.len(), block.encoded_len());
    assert!(
        bytes.capacity() <= bytes.len().max(8),
        "one exact reservation"
    );
    String::from_utf8(bytes).unwrap()
}

fn decode(bytes: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let visit = |item: Item<'_>| {
        if let Item::Event(event) = item {
            events.push(event.to_event());
        }
        ControlFlow::Continue(())
    };
    Decoder::new().decode(bytes, visit).unwrap();
    events
}

#[test]
fn data_is_split_at_each_kind_of_line_end() {
    for (data, wire) in [
        ("", "data:\n\n"),
        ("a", "data: a\n\n"),
        (" a", "data:  a\n\n"),
        ("a\nb", "data: a\ndata: b\n\n"),
        ("a\rb", "data: a\ndata: b\n\n"),
        ("a\r\nb", "data: a\ndata: b\n\n"),
        ("a\n\rb", "data: a\ndata:\ndata: b\n\n"),
        ("a\n", "data: a\ndata:\n\n"),
        ("\r\n", "data:\ndata:\n\n"),
        ("\u{2028}\u{85}\0", "data: \u{2028}\u{85}\0\n\n"),
    ] {
        assert_eq!(text(&Block::data(data)), wire, "{data:?}");
    }
}

#[test]
fn the_default_type_is_not_written_and_the_empty_id_is() {
    let block = Block::data("x").event_type("message").unwrap();
    assert_eq!(text(&block.id("").unwrap()), "id:\ndata: x\n\n");
    assert_eq!(
        text(&Block::data("x").event_type("").unwrap()),
        "data: x\n\n"
    );
}

#[test]
fn all_fields_in_order() {
    let block = Block::data("x")
        .comment("one\r\ntwo\n")
        .event_type(String::from("notice"))
        .unwrap()
        .id(7)
        .unwrap()
        .retry(Duration::from_millis(1500));
    let wire = ": one\n: two\n:\nevent: notice\nid: 7\nretry: 1500\ndata: x\n\n";
    assert_eq!(text(&block), wire);
    assert_eq!(text(&block.clone().into_owned()), wire);
    assert_eq!(block.clone().into_owned(), block);
}

#[test]
fn retry_rounds_up_and_saturates() {
    for (duration, wire) in [
        (Duration::ZERO, "retry: 0\n\n"),
        (Duration::from_nanos(1), "retry: 1\n\n"),
        (Duration::from_micros(1001), "retry: 2\n\n"),
        (Duration::MAX, "retry: 18446744073709551615\n\n"),
    ] {
        assert_eq!(text(&Block::empty().retry(duration)), wire);
    }
}

#[test]
fn comments_take_any_text() {
    assert_eq!(text(&Block::empty().comment("")), ":\n\n");
    assert_eq!(
        text(&Block::empty().comment("a\0b\rdata: c")),
        ": a\u{FFFD}b\n: data: c\n\n"
    );
}

#[test]
fn field_values_refuse_what_the_wire_cannot_carry() {
    use InvalidReason::{CarriageReturn, LineFeed, Nul};
    for (value, reason, position) in [
        ("\n", LineFeed, 0),
        ("a\rb\n", CarriageReturn, 1),
        ("é\0", Nul, 2),
    ] {
        let of_id = EventId::new(value).unwrap_err();
        let of_type = EventType::new(value).unwrap_err();
        assert_eq!((of_id.reason, of_id.offset), (reason, position));
        assert_eq!((of_type.reason, of_type.offset), (reason, position));
        assert_eq!(Block::data("").id(value).unwrap_err(), of_id);
        assert!(of_type.to_string().contains("`event`"));
    }
}

#[test]
fn header_safety_of_ids() {
    for (id, safe) in [("a b", true), ("é", true), (" a", false), ("a\t", false)] {
        assert_eq!(EventId::new(id).unwrap().is_header_safe(), safe, "{id:?}");
    }
    assert!(!EventId::new("a\u{1}").unwrap().is_header_safe());
}

/// A4: decode∘encode is the identity on valid events.
#[test]
fn a4_decoding_what_was_encoded_is_the_identity() {
    let events = [
        Event::new("", "x", "1"),
        Event::new("notice", "", ""),
        Event::new("notice", "\n", "é"),
        Event::new("message", " a\n\nb\n", " "),
        Event::new("\u{FEFF}", "\u{FEFF}\0", ":"),
        Event::new(" : ", ": \ndata: x", "id: 3"),
    ];
    let mut bytes = Vec::new();
    for event in &events {
        Block::try_from(event).unwrap().encode_into(&mut bytes);
    }
    assert_eq!(decode(&bytes), events);
}

#[test]
fn an_event_no_block_can_carry_is_refused() {
    assert!(Block::try_from(EventRef::new("a\nb", "", "")).is_err());
    assert!(Block::try_from(EventRef::new("", "", "a\rb")).is_err());
}
