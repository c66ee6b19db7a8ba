//! Words that several findings use. In: numbers. Out: text.
//!
//! Next: `finding.rs`.

/// `1 event`, `2 events`.
pub(super) fn count(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// The advice where time was too short: longer than the usual limits of silence, 30, 50 and 60 s.
pub(super) const LONGER: &str = "watch for longer with --for 75";
