//! Descriptions, there and back.

use super::{Description, NotOurs};
use crate::numbering::Numbering;
use wellspring_broker::Epoch;

#[test]
fn what_is_written_is_read() {
    let mut numbering = Numbering::new(Epoch::new(5_000_000));
    for step in 0..5 {
        for created in [None, Some("2026-11-30T19:10:03.2Z".to_owned())] {
            let description = Description {
                created,
                numbering: numbering.clone(),
            };
            let read = Description::parse(&description.to_text());
            assert_eq!(read, Ok(description));
        }
        numbering = numbering.cut(10 + step, Epoch::new(step));
        if step % 2 == 0 {
            numbering.settle(100 * (step + 1));
        }
    }
}

#[test]
fn many_epochs_fit() {
    let mut numbering = Numbering::new(Epoch::random());
    for step in 0..64 {
        let last = u64::MAX / 2 + step;
        numbering = numbering.fork(last, Epoch::random());
    }
    let created = Some("2026-11-30T19:10:03.298908123Z".to_owned());
    let text = Description { created, numbering }.to_text();
    assert!(text.len() <= 4_000, "{}", text.len());
    let read = Description::parse(&text).unwrap();
    assert!(read.numbering.past.len() > 30);
}

#[test]
fn what_is_not_ours_is_told_apart() {
    let cases = [
        ("", NotOurs::Foreign),
        ("orders of the shop", NotOurs::Foreign),
        ("wellspring-hub 2 whatever", NotOurs::NewerVersion),
        ("wellspring-hub", NotOurs::Damaged),
        ("wellspring-hub 1 -", NotOurs::Damaged),
        ("wellspring-hub 1 - a:1:0 b:1:0", NotOurs::Damaged),
        ("wellspring-hub 1 - a:1:-1", NotOurs::Damaged),
    ];
    for (text, expected) in cases {
        assert_eq!(Description::parse(text), Err(expected), "{text}");
    }
}
