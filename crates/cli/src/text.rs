//! What happens, for people. In: events and signals. Out: lines, painted if that is wanted. What a
//! server sends cannot steer a terminal: control characters are shown, not obeyed.
//!
//! Next: `paint.rs`, and `tail.rs` and `demo/show.rs`, who print it.

use std::borrow::Cow;
use std::fmt::Write;
use std::time::Duration;

use wellspring::{Cause, EventRef, Opened, Reconnecting};

use crate::paint::Paint;
use crate::secrets;

/// Where the id begins after a short type.
const TYPE_WIDTH: usize = 8;

/// Appends the event: `type  [id] data`, further lines of data below the first.
pub(crate) fn write_event(out: &mut Vec<u8>, event: EventRef<'_>, paint: Paint) {
    let mut line = String::new();
    let kind = visible(event.event_type);
    let style = paint.event_type(event.event_type);
    // Writing to a string cannot fail, here and below.
    let _ = write!(line, "{style}{kind:TYPE_WIDTH$}{style:#} ");
    let mut indent = kind.chars().count().max(TYPE_WIDTH) + 1;
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

/// A connection that is lost, in one line; `url` was open last.
pub(crate) fn reconnecting(lost: &Reconnecting, url: &str) -> String {
    let (delay, cause) = (seconds(lost.delay), cause(&lost.cause, url));
    let attempt = match lost.attempt {
        0 | 1 => String::new(),
        attempt => format!(" (attempt {attempt})"),
    };
    format!("reconnecting in {delay}{attempt}: {cause}")
}

/// Why a connection was lost, with its URL.
pub(crate) fn cause(cause: &Cause, url: &str) -> String {
    let text = match cause {
        Cause::Fetch(error) => error.to_string(),
        other => format!("{url}: {other}"),
    };
    visible(&secrets::masked(&text)).into_owned()
}

/// A time as people write it, rounded up.
pub(crate) fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        return format!("{} ms", time.as_nanos().div_ceil(1_000_000));
    }
    let tenths = time.as_nanos().div_ceil(100_000_000);
    match tenths % 10 {
        0 => format!("{} s", tenths / 10),
        tenth => format!("{}.{tenth} s", tenths / 10),
    }
}

/// The text with its control characters spelled out; a tab is left.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |ch: char| ch.is_control() && ch != '\t';
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

#[cfg(test)]
mod tests;
