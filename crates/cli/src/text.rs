//! What happens, for people. In: events and signals. Out: lines, painted if that is wanted. What a
//! server sends cannot steer a terminal: `plain.rs` spells control characters out.
//!
//! Next: `paint.rs`, and `tail.rs` and `demo/show.rs`, who print it.

use std::fmt::Write;

use wellspring::{Cause, EventRef, Opened, Reconnecting};

use crate::paint::Paint;
use crate::plain::shortened;
pub(crate) use crate::plain::{seconds, visible};
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
    let coding = opened.unknown_coding.as_deref();
    let coding = coding.map_or_else(String::new, |coding| {
        format!(", unknown content coding '{}'", visible(coding))
    });
    format!("open: {} ({:?}{hops}{coding})", url(opened), opened.version)
}

/// The URL that answered, without secrets, and not longer than a line.
pub(crate) fn url(opened: &Opened) -> String {
    shortened(&secrets::shown(&opened.url)).into_owned()
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
        Cause::Fetch(error) => words::with_help(error, error.help()),
        other => words::with_help(
            format_args!("{url}: {other}{}", refusal::retry_after(other)),
            other.help(),
        ),
    }
}

#[cfg(test)]
mod tests;
