//! A length that is said beforehand. In: a head, and how the body came. Out: a finding, if there is one.
//!
//! Next: `between.rs`.

use std::time::Duration;

use super::between::Between;
use super::finding::Finding;
use super::watch::{Head, Seen};

const CHECK: &str = "length";

/// What is collected comes at once, give or take the network.
const AT_ONCE: Duration = Duration::from_millis(250);

pub(super) fn judge(head: &Head, seen: &Seen, between: &Between) -> Option<Finding> {
    let length = head.header("content-length")?;
    if is_collected(seen) {
        let what =
            format!("Content-Length: {length}: the whole stream was collected before sending");
        let remedy = between.held_back();
        let finding = Finding::warning(CHECK, what, &remedy.advice).on(remedy.basis);
        return Some(finding.because(between.rests_on()));
    }
    let what = format!(
        "Content-Length: {length}: the stream ends after so many bytes, though it comes piece by piece"
    );
    let advice = "leave Content-Length out: the length of an event stream is not known beforehand";
    Some(Finding::warning(CHECK, what, advice))
}

/// It is all there, and came in one go.
fn is_collected(seen: &Seen) -> bool {
    let spread = seen.arrivals.first().zip(seen.arrivals.last());
    let spread = spread.is_some_and(|(first, last)| *last - *first > AT_ONCE);
    seen.end.is_some() && !spread
}

#[cfg(test)]
mod tests;
