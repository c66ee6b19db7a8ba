//! Plain text. In: times, and texts of servers. Out: times as people write them; texts in which a
//! terminal finds nothing to obey.
//!
//! Next: `text.rs`.

use std::borrow::Cow;
use std::time::Duration;

/// A time as people write it, rounded up.
pub(crate) fn seconds(time: Duration) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_nanos().div_ceil(1_000_000)),
        _ if seconds < 10 * MINUTE => in_tenths(time, 1, "s"),
        _ if seconds < 3 * HOUR => in_tenths(time, MINUTE, "min"),
        _ if seconds < 3 * DAY => in_tenths(time, HOUR, "h"),
        _ if seconds < 1000 * DAY => in_tenths(time, DAY, "days"),
        _ if seconds < 100_000 * DAY => in_tenths(time, 365 * DAY, "years"),
        _ => "more than 200 years".to_owned(),
    }
}

fn in_tenths(time: Duration, unit: u64, name: &str) -> String {
    let tenth = u128::from(unit) * 100_000_000;
    let tenths = time.as_nanos().div_ceil(tenth);
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        tenth => format!("{}.{tenth} {name}", tenths / 10),
    }
}

/// The text with its control characters spelled out, and those that change the direction or the line
/// of what follows; a tab is left.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for ch in text.chars() {
        if is_obeyed(ch) {
            shown.extend(ch.escape_default());
        } else {
            shown.push(ch);
        }
    }
    Cow::Owned(shown)
}

/// The beginning of a text that is too long for a line, such as a URL of 60 KB, and how long it is.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 1000;
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let end = (0..=LONGEST).rev().find(|&end| text.is_char_boundary(end));
    let begin = &text[..end.unwrap_or_default()];
    Cow::Owned(format!("{begin}… ({} bytes)", text.len()))
}

/// Whether a terminal does something for this character but show it; a tab is harmless. None of them is
/// beyond U+FFFF.
pub(crate) fn is_obeyed(ch: char) -> bool {
    (ch.is_control() && ch != '\t') || changes_direction(ch)
}

/// Unicode's `Bidi_Control`, and its two line ends.
fn changes_direction(ch: char) -> bool {
    matches!(
        ch,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests;
