use super::super::body::tests::{ERROR, NOTE, WARNING, event, ms, said, spoiled};
use super::*;

#[test]
fn faults_of_events_are_found() {
    spoiled(|seen| seen.events[0].id = " 1".into(), "ids", ERROR);
    spoiled(|seen| seen.events = vec![event("", false)], "ids", WARNING);
    spoiled(|seen| seen.events.clear(), "ids", NOTE);
    spoiled(|seen| seen.retry = Some(Duration::ZERO), "retry", WARNING);
    spoiled(|seen| seen.retry = Some(ms(600_000)), "retry", WARNING);
    spoiled(|seen| seen.retry = None, "retry", NOTE);
    spoiled(|seen| seen.replacements = 1, "encoding", WARNING);
    let sent = |seen: &mut Seen| (seen.replacements, seen.sent_replacements) = (1, 1);
    spoiled(sent, "encoding", NOTE);
}

#[test]
fn greetings_need_no_id_and_one_id_for_all_is_none() {
    spoiled(|seen| seen.events[0] = event("", false), "ids", NOTE);
    let all_equal = |seen: &mut Seen| seen.events[0].id = "2".into();
    let found = said(all_equal, "ids").unwrap();
    assert_eq!(found.severity, WARNING);
    assert_eq!(found.what, "2 events, 2 of them with the same id \"2\"");
}
