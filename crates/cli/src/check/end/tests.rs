use super::super::body::tests::{ERROR, OK, WARNING, ended, good, ms, spoiled};
use super::*;

fn broken() -> How {
    How::Broken("reset".to_owned())
}

/// Ended so, after so many seconds of silence.
fn one(how: How, silence: u64) -> Seen {
    Seen {
        end: ended(how, silence + 3, silence),
        ..good()
    }
}

fn judged(seen: &Seen, other: Option<&Seen>) -> Finding {
    end(seen, other, &Between::default(), false).unwrap()
}

#[test]
fn ends_are_told_from_one_another() {
    spoiled(|seen| seen.end = ended(broken(), 3, 0), CHECK, ERROR);
    spoiled(
        |seen| seen.end = ended(How::EndOfBody, 3, 0),
        CHECK,
        WARNING,
    );
    let too_long = || How::TooLong("a line of more than 16 MiB".to_owned());
    spoiled(|seen| seen.end = ended(too_long(), 3, 0), CHECK, ERROR);
    let finite = end(&one(How::EndOfBody, 1), None, &Between::default(), true);
    assert_eq!(finite.unwrap().severity, OK);
}

#[test]
fn an_end_inside_an_event_is_an_error_in_any_order() {
    for how in [How::EndOfBody, broken()] {
        let mut seen = one(how.clone(), 1);
        seen.end.as_mut().unwrap().inside_event = true;
        for finite in [false, true] {
            let found = end(&seen, None, &Between::default(), finite).unwrap();
            assert_eq!(found.severity, ERROR);
            assert!(found.what.contains("inside an event"), "{found:?}");
            let names = found.advice.unwrap().contains("Caddy");
            assert_eq!(names, how == How::EndOfBody);
        }
    }
}

#[test]
fn an_idle_timeout_is_named_when_two_connections_show_it() {
    let (first, alike) = (one(broken(), 50), one(broken(), 50));
    let found = judged(&first, Some(&alike));
    assert!(
        found.what.starts_with("cut off after 50 s of silence"),
        "{found:?}"
    );
    assert_eq!(found.severity, ERROR);
    assert!(found.advice.unwrap().contains("HAProxy"));
    assert!(
        found
            .because
            .unwrap()
            .starts_with("two connections ended 50 s after")
    );
    let found = judged(&one(How::EndOfBody, 17), Some(&one(How::EndOfBody, 17)));
    assert!(
        found
            .what
            .contains("17 s of silence: an idle timeout, or the server"),
        "{found:?}"
    );
    assert_eq!(found.severity, WARNING);
    // The other one was silent for another time, or is still there, or this was no silence.
    let unlike = [one(broken(), 45), good()];
    for other in &unlike {
        assert!(
            judged(&first, Some(other))
                .what
                .starts_with("the stream broke off")
        );
    }
    let short = one(broken(), 2);
    assert!(
        judged(&short, Some(&short))
            .what
            .starts_with("the stream broke off")
    );
    // Alone, only a time that is known for it.
    assert!(judged(&one(broken(), 60), None).what.starts_with("cut off"));
    assert!(
        judged(&one(broken(), 47), None)
            .what
            .starts_with("the stream broke off")
    );
}

#[test]
fn a_stream_that_was_silent_from_the_start_may_have_been_too_old() {
    let mut seen = one(broken(), 60);
    seen.end.as_mut().unwrap().after = ms(60_400);
    let found = judged(&seen, Some(&seen));
    assert!(
        found
            .what
            .contains("60 s in which nothing came: an idle timeout, or a limit")
    );
}

/// Where no byte ever came, both times are of one moment, and may be read one after the other.
#[test]
fn a_silence_that_is_all_of_the_stream_is_judged_too() {
    let mut seen = one(broken(), 60);
    let end = seen.end.as_mut().unwrap();
    end.after = end.silence - Duration::from_nanos(1);
    assert!(
        judged(&seen, Some(&seen))
            .what
            .contains("in which nothing came")
    );
}

/// When it ended does not depend on how long it was looked at.
#[test]
fn the_time_of_the_end_stays() {
    let mut seen = one(How::EndOfBody, 1);
    seen.time = ms(60_000);
    assert!(judged(&seen, None).what.contains("after 4 s"));
}
