//! What JavaScript gets besides messages. In: the client's signals. Out: plain objects.
//!
//! Next: `carrier.rs`.

use std::fmt::Display;

use http::HeaderMap;
use napi_derive::napi;
use wellspring::{Cause, Ended, Error, Failure, LimitExceeded, Opened, Reconnecting};

/// A signal, with the fields that its type has.
#[napi(object)]
#[derive(Clone, Debug, Default)]
pub struct SignalObject {
    /// `open`, `reconnecting`, `failed`, `ended`, `comment`, `skipped`, `queued` or `id-not-sent`.
    #[napi(js_name = "type")]
    pub signal_type: String,
    /// The URL that answered or failed.
    pub url: Option<String>,
    /// The origin of the messages to come.
    pub origin: Option<String>,
    /// The status of the response.
    pub status: Option<u16>,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub version: Option<String>,
    /// The headers of the response, name and value in turn.
    pub headers: Option<Vec<String>>,
    /// The beginning of the body of a response that was refused.
    pub body: Option<String>,
    /// What happened, in a sentence; or the text of a comment.
    pub message: Option<String>,
    /// `end-of-body`, `network-error`, `idle`, `status`, `refused` or `limit`.
    pub cause: Option<String>,
    /// The time to the next attempt, in milliseconds.
    pub delay: Option<f64>,
    /// The number of the next attempt since a connection was last open, from 1.
    pub attempt: Option<u32>,
    /// The first word of `Content-Encoding` that names no coding.
    pub unknown_coding: Option<String>,
    /// The place in the queue for a connection, from 1.
    pub place: Option<u32>,
}

impl SignalObject {
    pub(crate) fn open(opened: &Opened) -> Self {
        Self {
            signal_type: "open".to_owned(),
            url: Some(opened.url.to_string()),
            origin: Some(opened.origin.clone()),
            status: Some(opened.status.as_u16()),
            version: Some(format!("{:?}", opened.version)),
            headers: Some(header_list(&opened.headers)),
            unknown_coding: opened.unknown_coding.clone(),
            ..Self::default()
        }
    }

    pub(crate) fn comment(text: &str) -> Self {
        Self::with_message("comment", text)
    }

    /// The source came to a good end. JavaScript may have found it, by an option of its own; a request that is not
    /// repeated is what the program may not have meant.
    pub(crate) fn ended(why: Option<Ended>) -> Self {
        match why {
            Some(why @ Ended::NotRepeated) => {
                let message = format!("{why} (the option `repeat` says which requests are)");
                Self::with_message("ended", &message)
            }
            _ => Self::with_message("ended", "the stream is complete"),
        }
    }

    pub(crate) fn skipped(limit: &LimitExceeded) -> Self {
        Self::with_message("skipped", &limit.to_string())
    }

    pub(crate) fn id_not_sent(reason: &str) -> Self {
        Self::with_message("id-not-sent", reason)
    }

    pub(crate) fn queued(place: usize) -> Self {
        Self {
            signal_type: "queued".to_owned(),
            place: Some(u32::try_from(place).unwrap_or(u32::MAX)),
            ..Self::default()
        }
    }

    fn with_message(signal_type: &str, message: &str) -> Self {
        Self {
            signal_type: signal_type.to_owned(),
            message: Some(message.to_owned()),
            ..Self::default()
        }
    }

    pub(crate) fn reconnecting(lost: &Reconnecting) -> Self {
        let cause = CauseObject::of(&lost.cause);
        Self {
            signal_type: "reconnecting".to_owned(),
            url: Some(lost.url.clone()),
            status: cause.status,
            headers: cause.headers,
            body: cause.body,
            message: Some(cause.message),
            cause: Some(cause.cause),
            delay: Some(lost.delay.as_secs_f64() * 1000.0),
            attempt: Some(lost.attempt),
            ..Self::default()
        }
    }

    pub(crate) fn failed(error: &Error) -> Self {
        Self {
            signal_type: "failed".to_owned(),
            url: Some(error.url().to_owned()),
            message: Some(told(error, error.help())),
            status: error.status().map(|status| status.as_u16()),
            headers: error.headers().map(header_list),
            body: body_text(error.body()),
            cause: error.cause().map(|cause| cause_name(cause).to_owned()),
            ..Self::default()
        }
    }
}

/// Why a connection was lost, or could not be made.
#[napi(object, object_from_js = false)]
#[derive(Clone, Debug)]
pub struct CauseObject {
    /// As in `SignalObject`.
    pub cause: String,
    /// What happened, in a sentence.
    pub message: String,
    /// The status of a response that was refused.
    pub status: Option<u16>,
    /// Its headers, name and value in turn.
    pub headers: Option<Vec<String>>,
    /// The beginning of its body.
    pub body: Option<String>,
}

impl CauseObject {
    pub(crate) fn of(cause: &Cause) -> Self {
        let refused = match cause {
            Cause::Refused(refused) => Some(refused),
            _ => None,
        };
        Self {
            cause: cause_name(cause).to_owned(),
            message: told(cause, cause.help()),
            status: refused.map(|refused| refused.status.as_u16()),
            headers: refused.map(|refused| header_list(&refused.headers)),
            body: refused.and_then(|refused| body_text(&refused.body)),
        }
    }
}

/// An error with its causes, and what to do about it.
fn told(error: &impl Display, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{error:#} ({help})"),
        None => format!("{error:#}"),
    }
}

fn cause_name(cause: &Cause) -> &'static str {
    match cause {
        Cause::EndOfBody => "end-of-body",
        Cause::Idle(_) => "idle",
        Cause::Limit(_) => "limit",
        Cause::Refused(refused) => match refused.failure() {
            Failure::Status(_) => "status",
            _ => "refused",
        },
        _ => "network-error",
    }
}

fn body_text(body: &[u8]) -> Option<String> {
    (!body.is_empty()).then(|| String::from_utf8_lossy(body).into_owned())
}

/// Values that are not UTF-8 are read as Latin-1, as fetch does with all of them.
pub(crate) fn header_list(headers: &HeaderMap) -> Vec<String> {
    let pairs = headers.iter().flat_map(|(name, value)| {
        let bytes = value.as_bytes();
        let text = str::from_utf8(bytes).map_or_else(
            |_| bytes.iter().map(|&byte| char::from(byte)).collect(),
            str::to_owned,
        );
        [name.as_str().to_owned(), text]
    });
    pairs.collect()
}
