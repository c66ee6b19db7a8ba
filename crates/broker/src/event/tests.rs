use super::*;
use crate::cursor::Epoch;
use crate::update::Update;

fn event(update: &Update) -> Event {
    let stored = StoredRecord::new(7, 0xABCD_1234, record::encode(update));
    Event::new(&stored, &Lineage::new(Epoch::new(10)))
}

fn bytes(event: &Event) -> Vec<u8> {
    let mut all = Vec::new();
    for index in 0.. {
        let (slice, is_last) = event.slice(index).unwrap();
        assert!(slice.len() == SLICE_BYTES || is_last);
        all.extend_from_slice(&slice);
        if is_last {
            assert!(event.slice(index + 1).is_none());
            break;
        }
    }
    all
}

#[test]
fn the_id_is_the_publishers_or_the_cursor() {
    let update = Update::new("t").unwrap().data("a\nb").event_type("notice");
    let update = update.unwrap();
    let own = event(&update);
    let expected = b"event: notice\nid: ~a.7.1234\ndata: a\ndata: b\n\n";
    assert_eq!(bytes(&own), expected);
    let named = event(&update.id("mine").unwrap());
    assert_eq!(
        bytes(&named),
        b"event: notice\nid: mine\ndata: a\ndata: b\n\n"
    );
}

#[test]
fn a_large_event_comes_in_slices_of_their_own() {
    for length in [1, 20, 4_060, 4_080, 5_000, 100_000] {
        let data = "x".repeat(length);
        let event = event(&Update::new("t").unwrap().data(data.as_str()));
        let expected = format!("id: ~a.7.1234\ndata: {data}\n\n");
        assert_eq!(bytes(&event), expected.as_bytes(), "{length}");
    }
}

#[test]
fn a_foreign_record_is_nobodys() {
    let stored = StoredRecord::new(7, 1, Bytes::from_static(b"\x09later"));
    let event = Event::new(&stored, &Lineage::new(Epoch::new(10)));
    assert!(event.is_foreign() && event.private);
}
