//! What a stream says of its own accord. In: a place, a reconnection time, a gap. Out: lines.
//!
//! A blank line stands only behind a place and behind events: there are clients that take every block for an
//! event, with data or without.
//!
//! Next: back to `stream.rs`.

use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use wellspring_broker::{Cursor, Resume};

/// The type of the event that tells of a gap.
const GAP: &str = "wellspring-gap";

/// Tells that the token expires in 30 s.
pub(super) const EXPIRY: Bytes =
    Bytes::from_static(b"event: wellspring-expiry\ndata: {\"seconds\":30}\n\n");

/// The first bytes of a stream. A client that resumes has a place; any other gets one, so that it can resume
/// before its first event.
pub(super) fn first(
    retry: Duration,
    place: Option<Cursor>,
    resume: Option<Resume>,
    tell_gaps: bool,
) -> Bytes {
    let mut text = String::from(":\n");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "retry: {}", retry.as_millis());
    match (resume, place) {
        (None, Some(place)) => {
            let _ = write!(text, "id: {place}\n\n");
        }
        (Some(resume), _) if !resume.is_found() => {
            let missed = match resume {
                Resume::Expired { missed } => Some(missed),
                _ => None,
            };
            text += &gap_text(resume.as_str(), missed, tell_gaps);
        }
        _ => {}
    }
    text.into()
}

/// Where a client is.
pub(super) fn position(cursor: Cursor) -> Bytes {
    format!("id: {cursor}\n\n").into()
}

/// That events are missing: an event where that was asked for, else a comment.
pub(super) fn gap(reason: &str, missed: Option<u64>, as_event: bool) -> Bytes {
    gap_text(reason, missed, as_event).into()
}

fn gap_text(reason: &str, missed: Option<u64>, as_event: bool) -> String {
    let missed = missed.map_or("null".to_owned(), |missed| missed.to_string());
    match as_event {
        true => format!("event: {GAP}\ndata: {{\"reason\":\"{reason}\",\"missed\":{missed}}}\n\n"),
        false => format!(": gap: {reason}, missed {missed}\n"),
    }
}

/// A stream for a client that has to come back later: the reconnection time, and the end.
pub(super) fn later(says: &str, retry: Duration) -> Bytes {
    format!(": {says}\nretry: {}\n", retry.as_millis()).into()
}

#[cfg(test)]
mod tests;
