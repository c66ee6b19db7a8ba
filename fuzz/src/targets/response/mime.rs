//! MIME types of responses against the text of Fetch ("extract a MIME type", "get, decode, and split").
//! In: the values of `Content-Type`. Out: a panic when the essence is another one.
//!
//! Next: `chain.rs`.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use wellspring::fetch::rules::{essence, is_event_stream};

pub(super) fn run(headers: &HeaderMap) {
    let mut headers = headers.clone();
    let found = check(&headers);
    if let Some(essence) = &found {
        let (kind, subtype) = essence.split_once('/').expect("a type and a subtype");
        assert!(is_token(kind) && is_token(subtype), "{essence:?}");
        assert_ne!(essence, "*/*");
    }
    let values: Vec<&[u8]> = values(&headers).collect();
    if split(&values.join(&b", "[..])).1 {
        // An open quote swallows whatever comes behind it.
        return;
    }
    let parameter = [
        b"text/event-stream;",
        values.first().copied().unwrap_or_default(),
    ]
    .concat();
    // Values that say nothing change nothing; the last that says something counts.
    for nothing in ["", "*/*", "*/*;a=b", "text", "text/", "te xt/plain"] {
        headers.append(CONTENT_TYPE, HeaderValue::from_static(nothing));
    }
    assert_eq!(check(&headers), found);
    headers.append(
        CONTENT_TYPE,
        HeaderValue::from_static("Text/Event-Stream ;x=\","),
    );
    assert!(is_event_stream(&headers));
    // A parameter, whatever it holds, is none of our business.
    if !parameter.contains(&b',') {
        let value = HeaderValue::from_bytes(&parameter).expect("both halves are legal");
        assert!(is_event_stream(&HeaderMap::from_iter([(
            CONTENT_TYPE,
            value
        )])));
    }
}

fn check(headers: &HeaderMap) -> Option<String> {
    let found = essence(headers);
    let event_stream = found.as_deref() == Some("text/event-stream");
    assert_eq!(is_event_stream(headers), event_stream);
    let joined = values(headers).collect::<Vec<_>>().join(&b", "[..]);
    let (parts, _) = split(&joined);
    let expected = parts.iter().rev().find_map(|part| parse(part));
    assert_eq!(found, expected, "{headers:?}");
    found
}

fn values(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    headers
        .get_all(CONTENT_TYPE)
        .iter()
        .map(HeaderValue::as_bytes)
}

/// Splits at commas outside quoted strings; and whether a quote is left open.
fn split(value: &[u8]) -> (Vec<String>, bool) {
    let mut parts = vec![String::new()];
    let mut bytes = value.iter().map(|&byte| char::from(byte));
    let mut quoted = false;
    while let Some(c) = bytes.next() {
        if c == ',' && !quoted {
            parts.push(String::new());
            continue;
        }
        let part = parts.last_mut().expect("never empty");
        part.push(c);
        if c == '"' {
            quoted = !quoted;
        } else if c == '\\' && quoted {
            part.extend(bytes.next());
        }
    }
    (parts, quoted)
}

/// The essence of one value.
fn parse(value: &str) -> Option<String> {
    let white = [' ', '\t', '\n', '\r'];
    let value = value.trim_matches(white);
    let (kind, rest) = value.split_once('/')?;
    let subtype = rest.split(';').next()?.trim_end_matches(white);
    let essence = format!("{kind}/{subtype}").to_ascii_lowercase();
    (is_token(kind) && is_token(subtype) && essence != "*/*").then_some(essence)
}

fn is_token(text: &str) -> bool {
    let separator = |c: char| !c.is_ascii_graphic() || r#"()<>@,;:\"/[]?={}"#.contains(c);
    !text.is_empty() && !text.contains(separator)
}
