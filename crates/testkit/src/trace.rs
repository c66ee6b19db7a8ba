//! What a decoder made of a stream, in a form to compare and to read. In: items as a decoder hands
//! them out. Out: a [`Trace`], and its text, one item a line.
//!
//! ```
//! use std::time::Duration;
//! use wellspring_testkit::Trace;
//!
//! let mut trace = Trace::new();
//! trace.event("message", "a\nb", "");
//! trace.event("notice", "", "7");
//! trace.comment(" hi");
//! trace.retry(Duration::from_millis(250));
//! trace.position("8");
//! let expected = [
//!     r"event 'a\nb'",
//!     r"event '' type 'notice' id '7'",
//!     r"comment ' hi'",
//!     r"retry 250",
//!     r"position '8'",
//! ];
//! assert_eq!(trace.to_string(), expected.join("\n"));
//! ```
//!
//! Next: `oracle.rs`, which makes traces the slow and obvious way.

use std::fmt::{self, Display, Write};
use std::time::Duration;

/// One thing that a decoder reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceItem {
    /// An event was dispatched.
    Event {
        /// `message`, or what the event type buffer held.
        event_type: String,
        /// The data buffer without its last LF.
        data: String,
        /// The last event ID string at the time of dispatch.
        last_event_id: String,
    },
    /// A comment: everything after its colon, a leading space included.
    Comment(String),
    /// The reconnection time was set.
    Retry(Duration),
    /// A blank line without data changed the last event ID string to this.
    Position(String),
    /// Something exceeded a limit and was left out.
    Skipped {
        /// `line` or `event`.
        limit: String,
        /// Where the first byte too many stands, counted from the start of the body.
        offset: u64,
    },
}

/// All that a decoder reported about one stream, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The items in the order of their report.
    pub items: Vec<TraceItem>,
}

impl Trace {
    /// A trace of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a dispatched event.
    pub fn event(&mut self, event_type: &str, data: &str, last_event_id: &str) {
        self.items.push(TraceItem::Event {
            event_type: event_type.to_owned(),
            data: data.to_owned(),
            last_event_id: last_event_id.to_owned(),
        });
    }

    /// Adds a comment.
    pub fn comment(&mut self, text: &str) {
        self.items.push(TraceItem::Comment(text.to_owned()));
    }

    /// Adds a new reconnection time.
    pub fn retry(&mut self, reconnection_time: Duration) {
        self.items.push(TraceItem::Retry(reconnection_time));
    }

    /// Adds a last event ID that was committed without an event.
    pub fn position(&mut self, last_event_id: &str) {
        self.items
            .push(TraceItem::Position(last_event_id.to_owned()));
    }

    /// Adds something that exceeded a limit and was left out.
    pub fn skipped(&mut self, limit: &str, offset: u64) {
        let limit = limit.to_owned();
        self.items.push(TraceItem::Skipped { limit, offset });
    }

    /// The same trace as a decoder gives that was not asked for comments.
    #[must_use]
    pub fn without_comments(&self) -> Self {
        let items = self.items.iter();
        let items = items.filter(|item| !matches!(item, TraceItem::Comment(_)));
        Self {
            items: items.cloned().collect(),
        }
    }

    /// How many events were dispatched.
    #[must_use]
    pub fn event_count(&self) -> usize {
        let items = self.items.iter();
        items
            .filter(|item| matches!(item, TraceItem::Event { .. }))
            .count()
    }
}

impl Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.items.iter().enumerate() {
            if index > 0 {
                f.write_char('\n')?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for TraceItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event {
                event_type,
                data,
                last_event_id,
            } => {
                write!(f, "event {}", Quoted(data))?;
                if event_type != "message" {
                    write!(f, " type {}", Quoted(event_type))?;
                }
                if !last_event_id.is_empty() {
                    write!(f, " id {}", Quoted(last_event_id))?;
                }
                Ok(())
            }
            Self::Comment(text) => write!(f, "comment {}", Quoted(text)),
            Self::Retry(reconnection_time) => write!(f, "retry {}", reconnection_time.as_millis()),
            Self::Position(last_event_id) => write!(f, "position {}", Quoted(last_event_id)),
            Self::Skipped { limit, offset } => write!(f, "skipped {limit} at {offset}"),
        }
    }
}

/// Text in single quotes, in which whatever an eye could miss or mistake is escaped.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('\'')?;
        for ch in self.0.chars() {
            match ch {
                '\'' | '\\' => write!(f, "\\{ch}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\0' => f.write_str("\\0")?,
                ' '..='~' => f.write_char(ch)?,
                ch if ch.is_alphanumeric() => f.write_char(ch)?,
                ch => write!(f, "\\u{{{:x}}}", u32::from(ch))?,
            }
        }
        f.write_char('\'')
    }
}
