//! The server's times. In: RFC 3339 in UTC, as the server writes it. Out: the time since 1970, and back.
//!
//! Next: `trim.rs` and `presence.rs`, which compare them.

use std::time::Duration;

const DAY: u64 = 86_400;

/// Days from 1 March of the year 0 to 1 January 1970.
const EPOCH_DAYS: u64 = 719_468;

/// Days in 400 years.
const ERA: u64 = 146_097;

/// Nothing if it is of another form, or before 1970.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let valid = (1970..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (hour < 24 && minute < 60 && second < 61);
    if !valid || fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    let seconds = days(year, month, day) * DAY + hour * 3_600 + minute * 60 + second;
    Some(Duration::new(seconds, nanoseconds))
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let parts = text.split(separator).map(str::parse);
    let parts: Vec<u64> = parts.collect::<Result<_, _>>().ok()?;
    parts.try_into().ok()
}

/// Since 1970. Years begin in March, so that the leap day is their last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = match month {
        1 | 2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - EPOCH_DAYS
}

/// Such as `2026-11-30T19:10:03.051200000Z`.
pub(crate) fn format(since: Duration) -> String {
    let (day, second) = (since.as_secs() / DAY + EPOCH_DAYS, since.as_secs() % DAY);
    let (era, of_era) = (day / ERA, day % ERA);
    let of_era_years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_era_years + of_era_years / 4 - of_era_years / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        10.. => (era * 400 + of_era_years + 1, month - 9),
        _ => (era * 400 + of_era_years, month + 3),
    };
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let nanoseconds = since.subsec_nanos();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanoseconds:09}Z")
}

#[cfg(test)]
mod tests;
