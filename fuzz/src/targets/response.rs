//! The rules of Fetch on whatever a server may answer. In: values of headers and a chain of answers.
//! Out: a panic when a verdict breaks a rule of the standard, or a fetch goes where it must not.
//!
//! Next: `response/mime.rs` for MIME types, `response/chain.rs` for redirects.

mod chain;
mod mime;

use crate::Input;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use wellspring::fetch::rules::{LAST_EVENT_ID, LastEventIdHeader, content_coding};
use wellspring_proto::EventId;
use wellspring_server::LastEventId;

pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => mime::run(&headers(&mut input, &CONTENT_TYPE)),
        1 => coding(&mut input),
        2 => last_event_id(&String::from_utf8_lossy(input.rest())),
        _ => chain::run(&mut input),
    }
}

/// Up to eight values; what no parser of heads would let through is left out.
fn headers(input: &mut Input<'_>, name: &HeaderName) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for _ in 0..8 {
        if input.is_empty() {
            break;
        }
        if let Ok(value) = HeaderValue::from_bytes(input.bytes()) {
            headers.append(name, value);
        }
    }
    headers
}

fn coding(input: &mut Input<'_>) {
    let mut headers = headers(input, &CONTENT_ENCODING);
    let found = content_coding(&headers);
    // The same codings on one line each, or on one line all.
    let values: Vec<&[u8]> = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    let line = HeaderValue::from_bytes(&values.join(&b", "[..])).expect("all parts are legal");
    assert_eq!(
        content_coding(&HeaderMap::from_iter([(CONTENT_ENCODING, line)])),
        found
    );
    if let Some(coding) = &found {
        assert_ne!(coding, "identity");
        assert!(!coding.is_empty() && !coding.contains(','));
    }
    headers.append(CONTENT_ENCODING, HeaderValue::from_static("Identity, ,"));
    assert_eq!(content_coding(&headers), found);
    headers.append(CONTENT_ENCODING, HeaderValue::from_static("br"));
    assert!(content_coding(&headers).is_some());
}

/// An id goes into a header whole and comes out on the other side the same, or does not go.
fn last_event_id(id: &str) {
    let transportable = id.len() <= 4096 && EventId::new(id).is_ok_and(|id| id.is_header_safe());
    match LastEventIdHeader::of(id) {
        LastEventIdHeader::Empty => assert_eq!(id, ""),
        LastEventIdHeader::Value(value) => {
            assert!(transportable && !id.is_empty(), "{id:?}");
            assert_eq!(value.as_bytes(), id.as_bytes());
            let headers = HeaderMap::from_iter([(LAST_EVENT_ID, value)]);
            let arrived = LastEventId::from_headers(&headers).expect("legal");
            assert_eq!(arrived.as_ref().map(LastEventId::as_str), Some(id));
        }
        LastEventIdHeader::Untransportable(_) => assert!(!transportable, "{id:?}"),
        _ => unreachable!("there are three"),
    }
    // The server reads anything that may stand in a query, and gives no id that cannot be one.
    if let Ok(Some(id)) = LastEventId::from_query(id, "lastEventId") {
        assert!(EventId::new(id.as_str()).is_ok() && !id.as_str().is_empty());
    }
}
