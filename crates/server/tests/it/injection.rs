//! Nothing that goes into a block gets out of its field. In: arbitrary text in every field. Out: what
//! was published is what arrives, or it was refused. 100,000 cases, or as many as `WELLSPRING_CASES`
//! says; `WELLSPRING_SEED` makes others of them.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::support::Reader;
use wellspring_proto::{Decoder, Event, Item};
use wellspring_server::{Block, Channel, EventId, EventType, LastEventId, Subscription};

const CASES: u64 = 100_000;

fn from_environment(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(number) => number.parse().unwrap(),
        Err(_) => default,
    }
}

#[derive(Debug, Default, PartialEq)]
struct Arrived {
    events: Vec<Event>,
    comments: usize,
    retries: Vec<Duration>,
    last_event_id: String,
}

fn decode(bytes: &[u8]) -> Arrived {
    let mut decoder = Decoder::new().comments(true);
    decoder.set_last_event_id("before");
    let mut arrived = Arrived::default();
    let visit = |item: Item<'_>| {
        match item {
            Item::Event(event) => arrived.events.push(event.to_event()),
            Item::Comment(_) => arrived.comments += 1,
            Item::Retry(time) => arrived.retries.push(time),
            _ => {}
        }
        ControlFlow::Continue(())
    };
    decoder.decode(bytes, visit).unwrap();
    arrived.last_event_id = decoder.last_event_id().to_owned();
    arrived
}

/// Text that is out to get us: line ends, NUL, field names, colons, multibyte line look-alikes.
fn text(rng: &mut fastrand::Rng) -> String {
    const PIECES: &[&str] = &[
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\0",
        ":",
        " ",
        "data: x",
        "id: 9",
        "event: e",
        "retry: 1",
        "\u{FEFF}",
        "\u{2028}",
        "\u{85}",
        "é",
        "\u{1F600}",
        "a",
        "",
        "message",
    ];
    let mut text = String::new();
    for _ in 0..rng.usize(0..6) {
        match rng.u8(0..4) {
            0 => {
                let bytes: Vec<u8> = (0..rng.usize(0..8)).map(|_| rng.u8(..)).collect();
                text.push_str(&String::from_utf8_lossy(&bytes));
            }
            _ => text.push_str(PIECES[rng.usize(..PIECES.len())]),
        }
    }
    text
}

/// The standard's line ends, spelt out.
fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn has_line_end_or_nul(text: &str) -> bool {
    text.contains(['\n', '\r', '\0'])
}

#[test]
fn what_is_published_arrives_or_is_refused() {
    let cases = from_environment("WELLSPRING_CASES", CASES);
    let seed = from_environment("WELLSPRING_SEED", 4);
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut refused = 0;
    for case in 0..cases {
        let mut maybe = |chance| (rng.u8(0..4) < chance).then(|| text(&mut rng));
        let [data, event_type, id, comment] = [maybe(3), maybe(2), maybe(2), maybe(1)];
        let mut block = data.as_deref().map_or_else(Block::empty, Block::data);
        let mut expected = Arrived {
            last_event_id: "before".into(),
            ..Arrived::default()
        };
        if let Some(comment) = &comment {
            block = block.comment(comment.as_str());
            expected.comments = with_line_feeds(comment).split('\n').count();
        }
        let mut written_type = "";
        if let Some(event_type) = event_type.as_deref() {
            match EventType::new(event_type) {
                Ok(value) => {
                    block = block.event_type(value).unwrap();
                    written_type = event_type;
                }
                Err(_) => refused += u64::from(has_line_end_or_nul(event_type)),
            }
            assert_eq!(
                EventType::new(event_type).is_err(),
                has_line_end_or_nul(event_type)
            );
        }
        if let Some(id) = id.as_deref() {
            assert_eq!(EventId::new(id).is_err(), has_line_end_or_nul(id));
            if !has_line_end_or_nul(id) {
                block = block.id(id).unwrap();
                expected.last_event_id = id.to_owned();
            }
        }
        if case % 5 == 0 {
            block = block.retry(Duration::from_millis(case));
            expected.retries.push(Duration::from_millis(case));
        }
        if let Some(data) = &data {
            let data = with_line_feeds(data);
            let event = Event::new(written_type, &data, &expected.last_event_id);
            expected.events.push(event);
        }
        // Nothing of a block leaks into the next.
        let sentinel = Block::data("sentinel");
        let event = Event::new("", "sentinel", &expected.last_event_id);
        expected.events.push(event);
        let mut bytes = block.encode();
        assert_eq!(bytes.len(), block.encoded_len());
        sentinel.encode_into(&mut bytes);
        assert_eq!(
            decode(&bytes),
            expected,
            "seed {seed}, case {case}: {block:?}"
        );
    }
    println!("figures: {cases} cases with seed {seed}, {refused} with a value that was refused");
    assert!(refused > cases / 20, "the generator is tame: {refused}");
}

#[test]
fn a_hostile_last_event_id_injects_nothing() {
    let mut rng = fastrand::Rng::with_seed(5);
    let channel = Channel::builder().epoch("e").unwrap().build();
    let mut refused = 0;
    for _ in 0..5_000 {
        let Ok(id) = LastEventId::new(text(&mut rng)) else {
            refused += 1;
            continue;
        };
        for event in [false, true] {
            let mut subscription = Subscription::new().last_event_id(id.clone());
            if event {
                subscription = subscription.gap_event(EventType::new("gap").unwrap());
            }
            let mut reader = Reader::of(channel.subscribe(subscription));
            let arrived = decode(reader.frame().unwrap().as_bytes());
            assert_eq!(arrived.events.len(), usize::from(event), "{id:?}");
            assert_eq!(arrived.comments, if event { 1 } else { 2 });
            assert_eq!(arrived.last_event_id, "e-0");
            assert!(arrived.events.iter().all(|e| e.event_type() == "gap"));
        }
    }
    assert!((1_000..4_000).contains(&refused), "{refused}");
}
