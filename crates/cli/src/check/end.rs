//! How the stream ended. In: what was seen of one body, and of another that was open at the same time.
//! Out: a finding, if it ended.
//!
//! Next: `between.rs`.

use std::time::Duration;

use super::between::{self, Between, Remedy, hiders};
use super::finding::{Basis, Finding};
use super::watch::{End, How, Seen};
use crate::text::seconds;

const CHECK: &str = "end";

/// An end after less silence than this has other reasons than the silence.
const SILENCE: Duration = Duration::from_secs(4);

/// A silence that began so early is as long as the stream.
const FROM_THE_START: Duration = Duration::from_secs(1);

/// Two connections that one timeout ends differ in their silence by less.
const ALIKE: Duration = Duration::from_millis(700);

/// A stream that is `finite` has an end on purpose.
pub(super) fn end(
    seen: &Seen,
    other: Option<&Seen>,
    between: &Between,
    finite: bool,
) -> Option<Finding> {
    let end = seen.end.as_ref()?;
    let time = seconds(end.after);
    let finding = match &end.how {
        How::TooLong(limit) => {
            let what = format!("given up after {time}: {limit}");
            Finding::error(
                CHECK,
                what,
                "send shorter events: most clients have limits too",
            )
        }
        _ if end.inside_event => inside_event(end, between),
        _ if after_silence(end, other) => silenced(end, other, between),
        How::EndOfBody if finite => Finding::ok(CHECK, format!("the stream ended after {time}")),
        How::EndOfBody => {
            let what = format!("the stream ended after {time}, in good order");
            let advice = "clients come back after the reconnection time, each time; keep streams open, or \
                          answer 204 when there is nothing more to come";
            Finding::warning(CHECK, what, advice)
        }
        How::Broken(error) => {
            let what = format!("the stream broke off after {time}: {error}");
            Finding::error(CHECK, what, "")
        }
    };
    Some(finding)
}

/// What was sent of the event is lost, however good the order of the end.
fn inside_event(end: &End, between: &Between) -> Finding {
    let what = format!(
        "the stream ended inside an event after {}: data came, and no blank line after it",
        seconds(end.after)
    );
    let advice = match &end.how {
        How::Broken(_) => "clients drop that event; see why the connection was lost".to_owned(),
        _ => format!(
            "clients drop that event: end each one, the last too, with a blank line\n\
             or the server was lost, and a proxy made a good end of it, as these do: {}",
            hiders()
        ),
    };
    Finding::error(CHECK, what, &advice).because(between.rests_on())
}

/// Both ended after the same silence; or the only one did, after one that is known for it.
fn after_silence(end: &End, other: Option<&Seen>) -> bool {
    end.silence >= SILENCE
        && match other.and_then(|other| other.end.as_ref()) {
            Some(other) => other.silence.abs_diff(end.silence) <= ALIKE,
            None => other.is_none() && between::is_usual(rounded(end.silence)),
        }
}

fn rounded(time: Duration) -> u64 {
    time.as_secs_f64().round() as u64
}

fn silenced(end: &End, other: Option<&Seen>, between: &Between) -> Finding {
    let silence = rounded(end.silence);
    let who = between.cut_after(silence, end.how == How::EndOfBody);
    let who = who.unwrap_or_else(|| Remedy {
        advice: "find the timeout of the proxy or server, and raise it above the longest silence"
            .to_owned(),
        basis: Basis::Measured,
    });
    let Remedy { advice, basis } = who.after("send a comment after 15 s of silence");
    let how = match &end.how {
        How::Broken(error) => error.as_str(),
        _ => "a good end",
    };
    let rests_on = match other {
        Some(_) => format!("two connections ended {silence} s after their last byte ({how})"),
        None => format!("it ended {silence} s after the last byte ({how})"),
    };
    let rests_on = format!("{rests_on}, {}", between.rests_on());
    let finding = match end.how {
        How::EndOfBody => Finding::warning(CHECK, why(end), &advice),
        _ => Finding::error(CHECK, why(end), &advice),
    };
    finding.because(rests_on).on(basis)
}

/// What else may end two connections after the same silence is said with it.
fn why(end: &End) -> String {
    let silence = rounded(end.silence);
    if end.after.saturating_sub(end.silence) < FROM_THE_START {
        return format!(
            "cut off after {silence} s in which nothing came: an idle timeout, or a limit on how long a \
             stream may last"
        );
    }
    let off = end.silence.as_secs_f64() / 5.0;
    let is_round = (off - off.round()).abs() * 5.0 <= 0.4;
    if is_round || between::is_usual(silence) {
        return format!("cut off after {silence} s of silence: an idle timeout, it seems");
    }
    format!("cut off after {silence} s of silence: an idle timeout, or the server was restarted")
}

#[cfg(test)]
mod tests;
