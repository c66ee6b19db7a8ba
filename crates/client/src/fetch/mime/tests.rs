use http::{HeaderMap, HeaderValue};

use super::*;

fn headers(values: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(
            CONTENT_TYPE,
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    headers
}

#[test]
fn the_last_valid_value_counts() {
    let stream = Some("text/event-stream");
    let table: &[(&[&str], Option<&str>)] = &[
        (&[], None),
        (&[""], None),
        (&["text/event-stream"], stream),
        (&["TEXT/Event-Stream"], stream),
        (&["text/event-stream;"], stream),
        (&["text/event-stream;bogus"], stream),
        (&["text/event-stream;charset=windows-1252"], stream),
        (&["text/event-stream ; charset=utf-8"], stream),
        (&["  text/event-stream\t"], stream),
        (&["text /event-stream"], None),
        (&["text/ event-stream"], None),
        (&["text/event-streamx"], Some("text/event-streamx")),
        (&["text/x-bogus"], Some("text/x-bogus")),
        (&["text"], None),
        (&["text/"], None),
        (&["/event-stream"], None),
        (&["text/event-stream, */*"], stream),
        (&["text/event-stream, rubbish"], stream),
        (&["text/html, text/event-stream"], stream),
        (&["text/event-stream, text/html"], Some("text/html")),
        (&["text/html", "text/event-stream"], stream),
        (&["text/html;x=\"", "text/event-stream"], Some("text/html")),
        (&["text/html;x=\"", "y\"", "text/event-stream"], stream),
        (&["text/event-stream", "*/*"], stream),
        (&["text/event-stream", ""], stream),
        (&["text/event-stream", "text/plain"], Some("text/plain")),
        (&[r#"text/event-stream;a=",text/html""#], stream),
        (&[r#"text/event-stream;a="\",text/html""#], stream),
        (&[r#"text/event-stream;a="b",text/html"#], Some("text/html")),
        (&["*/*"], None),
        (&["text/event-stream\u{e9}"], None),
        (&["text/event-stream;é"], stream),
    ];
    for (values, expected) in table {
        assert_eq!(
            essence(&headers(values)).as_deref(),
            *expected,
            "{values:?}"
        );
        assert_eq!(
            is_event_stream(&headers(values)),
            *expected == stream,
            "{values:?}"
        );
    }
}
