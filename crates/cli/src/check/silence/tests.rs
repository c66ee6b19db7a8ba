use super::super::body::tests::{NOTE, OK, WARNING, ended, ms, said};
use super::super::watch::How;
use super::super::words::LONGER;
use super::*;

fn silent(silence: u64, gap: u64) -> Finding {
    let quiet = |seen: &mut Seen| {
        (seen.comments, seen.comment_interval) = (1, None);
        (seen.silence, seen.gap) = (ms(silence * 1000), ms(gap * 1000));
    };
    said(quiet, CHECK).unwrap()
}

#[test]
fn silence_is_judged_by_how_long_it_was_and_by_what_ended_it() {
    assert_eq!(silent(40, 1).severity, WARNING);
    assert_eq!(silent(18, 1).severity, NOTE);
    assert!(silent(18, 1).advice.unwrap().contains("15 s"));
    // A server that sends a comment after 15 s would not have done so yet.
    for short in [2, 12, 15] {
        let found = silent(short, 1);
        assert_eq!(found.severity, NOTE);
        assert_eq!(found.advice.as_deref(), Some(LONGER), "{short}");
    }
    assert_eq!(silent(15, 15).severity, OK);
    assert_eq!(silent(20, 20).severity, OK);
    assert_eq!(silent(20, 10).severity, NOTE);
}

#[test]
fn comments_of_a_greeting_keep_nothing_alive() {
    let commented = |interval: u64, silence: u64| {
        let quiet = |seen: &mut Seen| {
            seen.comment_interval = Some(ms(interval));
            (seen.silence, seen.gap) = (ms(silence), ms(100));
        };
        said(quiet, CHECK).unwrap()
    };
    assert_eq!(commented(15_000, 15_100).severity, OK);
    assert_eq!(commented(10_000, 9_000).severity, OK);
    for (interval, silence) in [(0, 20_000), (0, 300), (2_000, 20_000)] {
        let found = commented(interval, silence);
        assert_eq!(found.severity, NOTE, "{interval}, {silence}: {found:?}");
    }
}

#[test]
fn a_stream_that_has_ended_is_not_to_be_watched_for_longer() {
    let found = said(|seen| seen.end = ended(How::EndOfBody, 1, 0), CHECK);
    assert_eq!(found.unwrap().severity, OK);
    let short = |seen: &mut Seen| {
        (seen.comments, seen.comment_interval) = (0, None);
        seen.end = ended(How::EndOfBody, 1, 0);
    };
    let found = said(short, CHECK).unwrap();
    assert_eq!((found.severity, found.advice), (NOTE, None));
}

#[test]
fn a_busy_stream_is_not_to_be_watched_for_longer() {
    let busy = |seen: &mut Seen| {
        (seen.comments, seen.comment_interval) = (0, None);
        (seen.silence, seen.event_count) = (ms(300), 20);
    };
    let found = said(busy, CHECK).unwrap();
    assert_eq!((found.severity, found.advice), (NOTE, None));
}
