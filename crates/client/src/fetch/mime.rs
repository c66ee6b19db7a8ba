//! In: the `Content-Type` values of a response. Out: the essence of its MIME type, and whether that is an event stream
//! (Fetch, "extract a MIME type"; MIME Sniffing, "parse a MIME type").
//! Next: `content_coding.rs`.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};

/// Returns the essence of the response's MIME type, in lower case: that of the last valid value that is not `*/*`.
///
/// ```
/// use http::HeaderMap;
/// use wellspring::fetch::rules::essence;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("content-type", "text/html, Text/Event-Stream; charset=utf-8".parse()?);
/// assert_eq!(essence(&headers).as_deref(), Some("text/event-stream"));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[must_use]
pub fn essence(headers: &HeaderMap) -> Option<String> {
    split(&joined(headers))
        .into_iter()
        .filter_map(parse)
        .rfind(|essence| essence != "*/*")
}

/// Fetch joins the values before it splits them, so a quote left open reaches into the next value.
fn joined(headers: &HeaderMap) -> Vec<u8> {
    let values = headers.get_all(CONTENT_TYPE).iter();
    let values: Vec<&[u8]> = values.map(HeaderValue::as_bytes).collect();
    values.join(&b", "[..])
}

/// Returns whether the response's MIME type is `text/event-stream`, whatever its parameters.
///
/// ```
/// use http::HeaderMap;
/// use wellspring::fetch::rules::is_event_stream;
///
/// let mut headers = HeaderMap::new();
/// assert!(!is_event_stream(&headers));
/// headers.insert("content-type", "text/event-stream;charset=latin1".parse()?);
/// assert!(is_event_stream(&headers));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[must_use]
pub fn is_event_stream(headers: &HeaderMap) -> bool {
    essence(headers).is_some_and(|essence| essence == "text/event-stream")
}

/// The values between the commas that are not inside a quoted string.
fn split(value: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let mut escaped = false;
    for (index, byte) in value.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                parts.push(&value[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&value[start..]);
    parts
}

/// Type and subtype of one value, without looking at its parameters.
pub(super) fn parse(value: &[u8]) -> Option<String> {
    let end = value
        .iter()
        .position(|&byte| byte == b';')
        .unwrap_or(value.len());
    let essence = std::str::from_utf8(&value[..end]).ok()?;
    let (kind, subtype) = essence.split_once('/')?;
    let kind = kind.trim_start_matches(is_http_whitespace);
    let subtype = subtype.trim_end_matches(is_http_whitespace);
    (is_tchars(kind) && is_tchars(subtype))
        .then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
}

fn is_http_whitespace(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

fn is_tchars(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(legal)
}

#[cfg(test)]
mod tests;
