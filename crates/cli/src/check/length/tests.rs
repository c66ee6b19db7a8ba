use tokio::time::Instant;

use super::super::body::tests::{WARNING, ended, good, ms};
use super::super::head::tests::head;
use super::super::watch::How;
use super::*;

fn judged(headers: &[(&'static str, &str)], milliseconds: u64, has_ended: bool) -> Option<Finding> {
    let begun = Instant::now();
    let seen = Seen {
        arrivals: vec![begun, begun + ms(milliseconds)],
        end: has_ended.then(|| ended(How::EndOfBody, 3, 0)).flatten(),
        ..good()
    };
    judge(&head(headers), &seen, &Between::default())
}

#[test]
fn only_what_came_at_once_and_whole_was_collected() {
    let length = [("content-length", "100")];
    assert_eq!(judged(&[], 0, true), None);
    for (milliseconds, has_ended, says) in [
        (10, true, "was collected before sending"),
        (900, true, "piece by piece"),
        (10, false, "piece by piece"),
    ] {
        let found = judged(&length, milliseconds, has_ended).unwrap();
        assert_eq!(found.severity, WARNING);
        assert!(found.what.contains(says), "{found:?}");
    }
}
