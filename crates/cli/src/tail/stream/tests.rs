use std::ops::ControlFlow;

use wellspring_proto::{Decoder, Item};

use super::*;

fn decoded(stream: &[u8]) -> Vec<(String, String, String)> {
    let mut events = Vec::new();
    let mut decoder = Decoder::new();
    let keep = |item: Item<'_>| {
        if let Item::Event(event) = item {
            let texts = [event.event_type, event.data, event.last_event_id].map(str::to_owned);
            events.push(texts.into());
        }
        ControlFlow::Continue(())
    };
    decoder.decode(stream, keep).unwrap();
    events
}

#[test]
fn what_is_encoded_again_is_the_same_stream() {
    let stream = b"id: 1\nevent: a\ndata: x\ndata:  y\n\ndata: same id\n\nid: 2\n\ndata\n\nid\ndata: none\n\n";
    let events = decoded(stream);
    let mut out = Vec::new();
    let mut again = Stream::default();
    for (event_type, data, id) in &events {
        again.write_event(&mut out, EventRef::new(event_type, data, id));
    }
    assert_eq!(events.len(), 4);
    assert_eq!(decoded(&out), events);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches("id:").count(), 3, "{text}");
}

#[test]
fn an_id_comes_once() {
    let mut out = Vec::new();
    let mut stream = Stream::default();
    stream.write_id(&mut out, "7");
    stream.write_id(&mut out, "7");
    stream.write_event(&mut out, EventRef::new("a\0b", "x", "7"));
    assert_eq!(out, "id: 7\n\nevent: a\u{FFFD}b\ndata: x\n\n".as_bytes());
}
