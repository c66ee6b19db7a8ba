//! What is wrong with a line or an event. In: what a format or the channel found. Out: a text that says
//! what, and what to do.
//!
//! Next: back to `intake.rs`.

use std::fmt;

use wellspring_server::{InvalidField, PublishError};

/// Why something was not published.
#[derive(Debug)]
pub(in crate::serve) enum Unusable {
    TooLong { limit: usize },
    NotAnObject,
    Json(serde_json::Error),
    UnknownKey(String),
    NotText(&'static str),
    Both(&'static str, &'static str),
    NotAReconnectionTime,
    NoData,
    Field(InvalidField),
    Refused(PublishError),
}

impl From<InvalidField> for Unusable {
    fn from(error: InvalidField) -> Self {
        Self::Field(error)
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { limit } => write!(
                f,
                "longer than {limit} bytes, the most there may be: send a link to the data"
            ),
            Self::NotAnObject => f.write_str(
                "not a JSON object with event, id, retry or data; to serve lines as they \
                 are, use --format lines",
            ),
            Self::Json(error) => {
                let text = error.to_string();
                // Its line is always the first.
                let what = text
                    .rsplit_once(" at line ")
                    .map_or(&*text, |(what, _)| what);
                write!(f, "not JSON at column {}: {what}", error.column())
            }
            Self::UnknownKey(key) => write!(
                f,
                "the key {key:?} is none of event, id, retry and data, nor of type and lastEventId; to serve \
                 objects as they are, use --format lines, or put {{\"data\": …}} around them"
            ),
            Self::NotText(key) => write!(f, "the {key} is not a string"),
            Self::Both(one, other) => write!(f, "{one} and {other} say the same; leave one out"),
            Self::NotAReconnectionTime => {
                f.write_str("the retry is not a whole number of milliseconds")
            }
            Self::NoData => f.write_str("without data there is no event"),
            Self::Field(error) => error.fmt(f),
            Self::Refused(error) => error.fmt(f),
        }
    }
}
