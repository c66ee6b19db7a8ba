use http::{HeaderName, HeaderValue};

use super::*;

fn begun(headers: &[(&'static str, &'static str)], last_event_id: &str) -> Begin {
    let headers = headers.iter().map(|(name, value)| {
        let name = HeaderName::from_static(name);
        (name, HeaderValue::from_static(value))
    });
    begin(&headers.collect(), last_event_id)
}

#[test]
fn a_server_says_by_its_head_whether_something_is_missing() {
    assert_eq!(begun(&[], ""), Begin::Fresh);
    assert_eq!(begun(&[("last-event-id", "earliest")], ""), Begin::Fresh);
    assert_eq!(begun(&[], "7"), Begin::Resumed);
    for name in POSITIONS {
        assert_eq!(begun(&[(name, "7")], "7"), Begin::Resumed);
        assert_eq!(begun(&[(name, "earliest")], "7"), Begin::Gap);
        assert_eq!(begun(&[(name, "")], "7"), Begin::Gap);
    }
    assert_eq!(begun(&[(RESUME, "found")], "7"), Begin::Resumed);
    for lost in ["expired", "other-epoch", "unknown"] {
        assert_eq!(begun(&[(RESUME, lost)], "7"), Begin::Gap);
        assert_eq!(
            begun(&[("last-event-id", "7"), (RESUME, lost)], "7"),
            Begin::Gap
        );
    }
}
