//! What happens, for people. In: events and signals. Out: lines, painted if that is wanted. What a
//! server sends cannot steer a terminal: control characters are shown, not obeyed.
//!
//! Next: `paint.rs`, and `tail.rs` and `demo/show.rs`, who print it.

use std::borrow::Cow;
use std::fmt::Write;
use std::time::Duration;

use wellspring::{Cause, EventRef, Opened, Reconnecting};

use crate::paint::Paint;
use crate::{refusal, secrets, words};

/// Where the id begins after a short type.
const TYPE_WIDTH: usize = 8;

/// Appends the event: `type  [id] data`, further lines of data below the first.
pub(crate) fn write_event(out: &mut Vec<u8>, event: EventRef<'_>, paint: Paint) {
    write_event_after("", out, event, paint);
}

/// The same with a word before it.
pub(crate) fn write_event_after(
    before: &str,
    out: &mut Vec<u8>,
    event: EventRef<'_>,
    paint: Paint,
) {
    let aside = paint.aside();
    let mut line = match before.is_empty() {
        true => String::new(),
        false => format!("{aside}{before}{aside:#} "),
    };
    let mut indent = if before.is_empty() {
        0
    } else {
        before.chars().count() + 1
    };
    let kind = visible(event.event_type);
    let style = paint.event_type(event.event_type);
    // Writing to a string cannot fail, here and below.
    let _ = write!(line, "{style}{kind:TYPE_WIDTH$}{style:#} ");
    indent += kind.chars().count().max(TYPE_WIDTH) + 1;
    if !event.last_event_id.is_empty() {
        let (id, aside) = (visible(event.last_event_id), paint.aside());
        let _ = write!(line, "{aside}[{id}]{aside:#} ");
        indent += id.chars().count() + 3;
    }
    let mut lines = event.data.split('\n');
    line.push_str(&visible(lines.next().unwrap_or_default()));
    line.push('\n');
    for more in lines {
        let _ = writeln!(line, "{:indent$}{}", "", visible(more));
    }
    out.extend_from_slice(line.as_bytes());
}

/// A connection that is open, in one line.
pub(crate) fn opened(opened: &Opened) -> String {
    let hops = match opened.hops.len() {
        0 => String::new(),
        1 => ", after a redirect".to_owned(),
        several => format!(", after {several} redirects"),
    };
    format!("open: {} ({:?}{hops})", url(opened), opened.version)
}

/// The URL that answered, without secrets.
pub(crate) fn url(opened: &Opened) -> String {
    secrets::shown(&opened.url)
}

/// A connection that is lost, in one line.
pub(crate) fn reconnecting(lost: &Reconnecting) -> String {
    let (delay, cause) = (seconds(lost.delay), cause(&lost.cause, &lost.url));
    let attempt = match lost.attempt {
        0 | 1 => String::new(),
        attempt => format!(" (attempt {attempt})"),
    };
    format!("reconnecting in {delay}{attempt}: {cause}")
}

/// Why a connection was lost, with its URL.
pub(crate) fn cause(cause: &Cause, url: &str) -> String {
    match cause {
        Cause::Fetch(error) => words::of(error),
        other => words::of(format_args!(
            "{url}: {other}{}",
            refusal::retry_after(other)
        )),
    }
}

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
    let hidden = |ch: char| (ch.is_control() && ch != '\t') || changes_direction(ch);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for ch in text.chars() {
        if hidden(ch) {
            shown.extend(ch.escape_default());
        } else {
            shown.push(ch);
        }
    }
    Cow::Owned(shown)
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
