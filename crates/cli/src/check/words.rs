//! Words that several findings use. In: numbers, and what was seen. Out: text.
//!
//! Next: `finding.rs`.

use super::watch::Seen;

/// `1 event`, `2 events`.
pub(super) fn count(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// The advice where time was too short: longer than the usual limits of silence, 30, 50 and 60 s.
pub(super) const LONGER: &str = "watch for longer with --for 75";

/// The same while something may still come: a stream that has ended is as long as it is.
pub(super) fn longer(seen: &Seen) -> &'static str {
    match seen.end {
        None => LONGER,
        Some(_) => "",
    }
}
