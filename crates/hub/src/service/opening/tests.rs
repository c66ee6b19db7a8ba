use std::time::Duration;

use wellspring_broker::{Cursor, Resume};

use super::{first, gap, later, position};

fn shown(resume: Option<Resume>, tell_gaps: bool) -> String {
    let place: Cursor = "~a.7.1234".parse().unwrap();
    let bytes = first(Duration::from_millis(1_500), Some(place), resume, tell_gaps);
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_stream_begins_with_a_place_or_with_what_was_missed() {
    let rows = [
        (None, false, ":\nretry: 1500\nid: ~a.7.1234\n\n"),
        (Some(Resume::Found), false, ":\nretry: 1500\n"),
        (Some(Resume::Found), true, ":\nretry: 1500\n"),
        (
            Some(Resume::Expired { missed: 7 }),
            false,
            ":\nretry: 1500\n: gap: expired, missed 7\n",
        ),
        (
            Some(Resume::Expired { missed: 7 }),
            true,
            ":\nretry: 1500\nevent: wellspring-gap\ndata: {\"reason\":\"expired\",\"missed\":7}\n\n",
        ),
        (
            Some(Resume::Unknown),
            true,
            ":\nretry: 1500\nevent: wellspring-gap\ndata: {\"reason\":\"unknown\",\"missed\":null}\n\n",
        ),
    ];
    for (resume, tell_gaps, expected) in rows {
        assert_eq!(shown(resume, tell_gaps), expected);
    }
}

#[test]
fn the_other_lines_are_whole_too() {
    assert_eq!(position("~a.7.1234".parse().unwrap()), "id: ~a.7.1234\n\n");
    assert_eq!(gap("lagged", Some(2), false), ": gap: lagged, missed 2\n");
    assert_eq!(
        later("too many", Duration::from_secs(4)),
        ": too many\nretry: 4000\n"
    );
}
