use std::time::Duration;

use super::super::finding::Severity;
use super::super::watch::{End, How, SeenEvent, Waits};
use super::*;

pub(in crate::check) const WARNING: Severity = Severity::Warning;
pub(in crate::check) const ERROR: Severity = Severity::Error;
pub(in crate::check) const NOTE: Severity = Severity::Note;
pub(in crate::check) const OK: Severity = Severity::Ok;

pub(in crate::check) fn event(id: &str, own_id: bool) -> SeenEvent {
    SeenEvent {
        id: id.into(),
        own_id,
        digest: 0,
        at: Duration::ZERO,
    }
}

pub(in crate::check) fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// An end after so many seconds, the last of them silent.
pub(in crate::check) fn ended(how: How, after: u64, silence: u64) -> Option<End> {
    Some(End {
        how,
        after: ms(after * 1000),
        silence: ms(silence * 1000),
        inside_event: false,
    })
}

/// Two events a second apart, comments in between.
pub(in crate::check) fn good() -> Seen {
    Seen {
        events: vec![event("1", true), event("2", true)],
        event_count: 2,
        reads: 3,
        first_byte: Some(ms(1)),
        first_event: Some(ms(5)),
        last_event: Some(ms(1005)),
        silence: ms(1000),
        gap: ms(1000),
        comments: 3,
        comment_interval: Some(ms(900)),
        retry: Some(ms(2000)),
        time: ms(2000),
        ..Seen::default()
    }
}

/// What is said of this check when something is wrong with a good body.
pub(in crate::check) fn said(spoil: impl Fn(&mut Seen), check: &str) -> Option<Finding> {
    let mut seen = good();
    spoil(&mut seen);
    let findings = judge(&seen, None, &Between::default(), false);
    findings.into_iter().find(|finding| finding.check == check)
}

pub(in crate::check) fn spoiled(spoil: impl Fn(&mut Seen), check: &str, expected: Severity) {
    let found = said(spoil, check).unwrap_or_else(|| panic!("no {check}"));
    assert_eq!(found.severity, expected, "{found:?}");
}

#[test]
fn a_good_body_has_nothing_to_say() {
    let findings = judge(&good(), None, &Between::default(), false);
    assert!(
        findings.iter().all(|found| found.severity == Severity::Ok),
        "{findings:?}"
    );
}

#[test]
fn a_stream_with_an_end_is_not_told_to_resume() {
    let mut seen = good();
    seen.events.clear();
    seen.end = ended(How::EndOfBody, 2, 0);
    let findings = judge(&seen, None, &Between::default(), true);
    assert!(
        findings.iter().all(|found| found.severity == OK),
        "{findings:?}"
    );
    seen.waits = Waits {
        cut: ms(900),
        ..Waits::default()
    };
    let findings = judge(&seen, None, &Between::default(), true);
    assert!(findings.iter().any(|found| found.severity == ERROR));
}
