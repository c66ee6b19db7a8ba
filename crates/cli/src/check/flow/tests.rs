use super::super::body::tests::{ERROR, NOTE, OK, WARNING, ended, ms, said, spoiled};
use super::super::watch::How;
use super::*;

#[test]
fn what_comes_late_is_found() {
    spoiled(|seen| seen.first_byte = None, "first-byte", WARNING);
    spoiled(
        |seen| seen.first_byte = Some(ms(3000)),
        "first-byte",
        WARNING,
    );
    let at_the_end = |seen: &mut Seen| {
        seen.first_byte = Some(ms(3000));
        seen.first_event = seen.last_event;
        seen.end = ended(How::EndOfBody, 3, 0);
    };
    spoiled(at_the_end, "flush", ERROR);
    spoiled(|seen| seen.reads = 1, "flush", NOTE);
}

#[test]
fn a_stream_that_was_gone_at_once_had_no_time_for_a_first_byte() {
    let gone = |seen: &mut Seen| {
        (seen.first_byte, seen.time) = (None, ms(1));
        seen.end = ended(How::EndOfBody, 0, 0);
    };
    assert_eq!(said(gone, "first-byte"), None);
}

#[test]
fn what_waited_says_who_may_be_to_blame() {
    let cut = said(|seen| seen.waits.cut = ms(1000), "flush").unwrap();
    assert_eq!(cut.severity, ERROR);
    let advice = cut.advice.unwrap();
    assert!(advice.contains("proxy_buffering off"), "{advice}");
    // A blank line that comes late is the server's own doing.
    let data = said(|seen| seen.waits.data = ms(1000), "flush").unwrap();
    assert_eq!(data.severity, ERROR);
    assert!(!data.advice.unwrap().contains("proxy"));
    spoiled(|seen| seen.waits.fields = ms(1000), "flush", NOTE);
    spoiled(|seen| seen.waits.cut = ms(300), "flush", OK);
}
