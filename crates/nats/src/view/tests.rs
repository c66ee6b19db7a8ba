//! Where a history begins and ends.

use super::View;
use crate::numbering::Numbering;
use serde_json::Value;
use wellspring_broker::Epoch;

fn view(first: u64, last: u64) -> View {
    View {
        created: String::new(),
        numbering: Numbering::new(Epoch::new(1)),
        config: Value::Null,
        messages: (last + 1).saturating_sub(first),
        bytes: 0,
        first,
        last,
        first_time: String::new(),
        deleted: 0,
        hole: 0,
    }
}

#[test]
fn the_oldest_message_is_kept_for_its_tag() {
    for (first, last, horizon) in [
        (1, 0, 1),
        (1, 1, 1),
        (1, 5, 1),
        (2, 5, 3),
        (4, 5, 5),
        // The newest always stays.
        (5, 5, 5),
        (6, 5, 6),
    ] {
        let view = view(first, last);
        assert_eq!(
            (view.horizon(), view.head()),
            (horizon, last),
            "{first} to {last}"
        );
    }
}

#[test]
fn a_history_begins_behind_its_newest_hole() {
    let with_hole = View {
        hole: 3,
        ..view(1, 5)
    };
    assert_eq!(with_hole.horizon(), 4);
    let at_the_end = View {
        hole: 5,
        ..view(1, 5)
    };
    assert_eq!(at_the_end.horizon(), 6);
}

#[test]
fn what_was_taken_back_does_not_count() {
    let mut numbering = Numbering::new(Epoch::new(1)).cut(2, Epoch::new(2));
    numbering.settle(4);
    let at = |first, last| View {
        numbering: numbering.clone(),
        ..view(first, last)
    };
    assert_eq!((at(1, 4).horizon(), at(1, 4).head()), (1, 2));
    assert_eq!((at(1, 6).horizon(), at(1, 6).head()), (1, 4));
    // The oldest message is one that was taken back.
    assert_eq!(at(3, 6).oldest(), 3);
    assert_eq!(at(6, 6).horizon(), 4);
}
