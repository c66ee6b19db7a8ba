//! When an event came. In: a moment. Out: its date and time in UTC, as RFC 3339 writes them.
//!
//! Next: back to `printer.rs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// As in `2026-11-30T12:00:00.123Z`. Moments before 1970 are 1970.
pub(super) fn utc(moment: SystemTime) -> String {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let seconds = since.as_secs();
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let millis = since.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// The date of a day, counted from 1970-01-01. Years begin in March here, so that a leap day is their
/// last.
fn date(day: u64) -> (u64, u64, u64) {
    const FOUR_HUNDRED_YEARS: u64 = 146_097;
    let day = day + 719_468;
    let (era, day) = (day / FOUR_HUNDRED_YEARS, day % FOUR_HUNDRED_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests;
