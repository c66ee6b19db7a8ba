//! In: a method and headers. Out: what of it a page may not ask another origin for without a preflight (Fetch,
//! "CORS-safelisted method", "CORS-unsafe request-header names").
//! Next: back to `../cors.rs`.

use http::Method;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue, RANGE,
};

use crate::fetch::{LAST_EVENT_ID, mime};

/// The longest value that is safe, in bytes.
const MAX_VALUE: usize = 128;
/// The most that all of them may have together, in bytes.
const MAX_VALUES: usize = 1024;

/// What needs a preflight, in words; `None` when nothing does.
///
/// `Last-Event-ID` does not: it is not on Fetch's list, and browsers send it to other origins without asking.
pub(crate) fn preflight_reason<'a>(
    method: &Method,
    headers: impl IntoIterator<Item = (&'a HeaderName, &'a HeaderValue)>,
) -> Option<String> {
    if !matches!(*method, Method::GET | Method::HEAD | Method::POST) {
        return Some(format!("the method {method}"));
    }
    let mut length = 0;
    for (name, value) in headers {
        if *name == LAST_EVENT_ID {
            continue;
        }
        if !is_safelisted_name(name) {
            return Some(format!("the header '{name}'"));
        }
        if value.len() > MAX_VALUE {
            return Some(format!(
                "the header '{name}', whose value is longer than {MAX_VALUE} bytes,"
            ));
        }
        if !is_safelisted_value(name, value) {
            let value = String::from_utf8_lossy(value.as_bytes());
            return Some(format!("the header '{name}' with the value {value:?}"));
        }
        length += value.len();
    }
    let too_long = length > MAX_VALUES;
    too_long.then(|| format!("more than {MAX_VALUES} bytes of header values"))
}

fn is_safelisted_name(name: &HeaderName) -> bool {
    [
        ACCEPT,
        ACCEPT_LANGUAGE,
        CONTENT_LANGUAGE,
        CONTENT_TYPE,
        RANGE,
    ]
    .contains(name)
}

fn is_safelisted_value(name: &HeaderName, value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    match *name {
        ACCEPT => !bytes.iter().any(is_unsafe),
        ACCEPT_LANGUAGE | CONTENT_LANGUAGE => bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte)),
        CONTENT_TYPE => !bytes.iter().any(is_unsafe) && is_form(bytes),
        _ => is_simple_range(bytes),
    }
}

/// "CORS-unsafe request-header byte".
fn is_unsafe(byte: &u8) -> bool {
    (*byte < 0x20 && *byte != b'\t') || *byte == 0x7F || br#""():<>?@[\]{}"#.contains(byte)
}

/// Whether an HTML form could send this MIME type.
fn is_form(value: &[u8]) -> bool {
    matches!(
        mime::parse(value).as_deref(),
        Some("application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain")
    )
}

/// `bytes=5-` or `bytes=5-10`: a range that media elements ask for.
fn is_simple_range(value: &[u8]) -> bool {
    let range = value.strip_prefix(b"bytes=").unwrap_or_default();
    let Some(dash) = range.iter().position(|&byte| byte == b'-') else {
        return false;
    };
    let (first, last) = (&range[..dash], &range[dash + 1..]);
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if first.is_empty() || !digits(first) || !digits(last) {
        return false;
    }
    last.is_empty() || is_at_most(first, last)
}

/// Numbers of any length.
fn is_at_most(one: &[u8], other: &[u8]) -> bool {
    let significant = |digits: &[u8]| {
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits[zeros..].to_vec()
    };
    let (one, other) = (significant(one), significant(other));
    (one.len(), one) <= (other.len(), other)
}

#[cfg(test)]
mod tests;
