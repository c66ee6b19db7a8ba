//! The situations of the standard's own examples, in other words. Next: `../oracle.rs`.

use super::{Vector, vector};

pub(super) const VECTORS: &[Vector] = &[
    vector(
        "example_of_a_price_in_three_lines",
        "9.2.6",
        "one event of three lines of data",
        b"data: ACME\ndata: -3\ndata: 41\n\n",
        &[r"event 'ACME\n-3\n41'"],
    ),
    vector(
        "example_of_four_blocks",
        "9.2.6",
        "a comment; an id; the id reset; one space kept, and no blank line at the end",
        b": warm up\n\ndata: one\nid: 1\n\ndata:two\nid\n\ndata:  three\n",
        &["comment ' warm up'", "event 'one' id '1'", "event 'two'"],
    ),
    vector(
        "example_of_four_blocks_completed",
        "9.2.6",
        "the same with its blank line: the second space is data",
        b": warm up\n\ndata: one\nid: 1\n\ndata:two\nid\n\ndata:  three\n\n",
        &["comment ' warm up'", "event 'one' id '1'", "event 'two'", "event ' three'"],
    ),
    vector(
        "example_of_empty_data",
        "9.2.6",
        "an empty event, an event of one LF, and one discarded",
        b"data\n\ndata\ndata\n\ndata:",
        &["event ''", r"event '\n'"],
    ),
    vector(
        "example_of_the_optional_space",
        "9.2.6",
        "two equal events",
        b"data:same\n\ndata: same\n\n",
        &["event 'same'", "event 'same'"],
    ),
    vector(
        "example_of_unnamed_messages",
        "9.2.1",
        "messages of one and of two lines",
        b"data: first\n\ndata: second, which\ndata: has two lines\n\n",
        &["event 'first'", r"event 'second, which\nhas two lines'"],
    ),
    vector(
        "example_of_named_events",
        "9.2.1",
        "each type for its own listeners",
        b"event: joined\ndata: 73857293\n\nevent: left\ndata: 2153\n\nevent: joined\ndata: 113411\n\n",
        &["event '73857293' type 'joined'", "event '2153' type 'left'", "event '113411' type 'joined'"],
    ),
    vector(
        "example_of_a_keep_alive",
        "9.2.7",
        "a comment now and then keeps proxies awake and fires nothing",
        b":\n\n:\n\ndata: a\n\n:\n\n",
        &["comment ''", "comment ''", "event 'a'", "comment ''"],
    ),
];
