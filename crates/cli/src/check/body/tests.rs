use super::super::finding::Severity;
use super::super::watch::SeenEvent;
use super::*;

fn event(id: &str, own_id: bool) -> SeenEvent {
    SeenEvent {
        id: id.into(),
        own_id,
        digest: 0,
    }
}

/// Two events a second apart, comments in between.
fn good() -> Seen {
    let ms = Duration::from_millis;
    Seen {
        events: vec![event("1", true), event("2", true)],
        event_count: 2,
        reads: 3,
        first_byte: Some(ms(1)),
        first_event: Some(ms(5)),
        last_event: Some(ms(1005)),
        silence: ms(1000),
        comments: 3,
        comment_interval: Some(ms(900)),
        retry: Some(ms(2000)),
        time: ms(2000),
        ..Seen::default()
    }
}

fn severity(seen: &Seen, check: &str) -> Severity {
    let findings = judge(seen);
    let found = findings.iter().find(|finding| finding.check == check);
    found.unwrap_or_else(|| panic!("no {check}")).severity
}

#[test]
fn a_good_body_has_nothing_to_say() {
    let findings = judge(&good());
    assert!(
        findings.iter().all(|found| found.severity == Severity::Ok),
        "{findings:?}"
    );
}

fn spoiled(spoil: impl Fn(&mut Seen), check: &str, expected: Severity) {
    let mut seen = good();
    spoil(&mut seen);
    assert_eq!(severity(&seen, check), expected, "{check}: {seen:?}");
}

const WARNING: Severity = Severity::Warning;
const ERROR: Severity = Severity::Error;
const NOTE: Severity = Severity::Note;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn bodies_that_come_late_or_in_the_wrong_pieces_are_found() {
    spoiled(|seen| seen.first_byte = None, "first-byte", WARNING);
    spoiled(
        |seen| seen.first_byte = Some(seconds(3)),
        "first-byte",
        WARNING,
    );
    spoiled(|seen| seen.half = seconds(1), "flush", ERROR);
    spoiled(|seen| seen.reads = 1, "flush", NOTE);
    let at_the_end = |seen: &mut Seen| {
        seen.first_byte = Some(seconds(3));
        seen.first_event = seen.last_event;
        seen.end = Some(End::EndOfBody);
    };
    spoiled(at_the_end, "flush", ERROR);
    spoiled(at_the_end, "end", WARNING);
    spoiled(|seen| seen.silence = seconds(40), "keep-alive", WARNING);
    let without_comments = |seen: &mut Seen| {
        seen.silence = seconds(15);
        (seen.comments, seen.comment_interval) = (0, None);
    };
    spoiled(without_comments, "keep-alive", NOTE);
    let broken = || Some(End::Broken("reset".to_owned()));
    spoiled(|seen| seen.end = broken(), "end", ERROR);
}

#[test]
fn faults_of_events_are_found() {
    spoiled(|seen| seen.events[0].id = " 1".into(), "ids", ERROR);
    spoiled(|seen| seen.events[1].own_id = false, "ids", WARNING);
    spoiled(|seen| seen.events = vec![event("", false)], "ids", WARNING);
    spoiled(|seen| seen.events.clear(), "ids", NOTE);
    spoiled(|seen| seen.retry = Some(Duration::ZERO), "retry", WARNING);
    spoiled(|seen| seen.retry = Some(seconds(600)), "retry", WARNING);
    spoiled(|seen| seen.retry = None, "retry", NOTE);
    spoiled(|seen| seen.replaced = true, "encoding", WARNING);
}
