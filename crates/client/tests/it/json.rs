//! Events whose data is JSON. In: data that is and data that is not. Out: values, or errors that keep the event.
//!
//! Next: `llm.rs`.

use std::collections::BTreeMap;
use std::error::Error;

use crate::support::{assert_says, soon};
use wellspring::{EventSource, Failure, InvalidJson, JsonError, JsonMessages};

async fn invalid<T: serde::de::DeserializeOwned>(
    messages: &mut JsonMessages<'_, T>,
) -> InvalidJson {
    match soon(messages.next()).await {
        Some(Err(JsonError::Data(invalid))) => *invalid,
        _ => panic!("the data is JSON after all"),
    }
}

#[tokio::test]
async fn data_that_is_not_json_is_an_error_that_keeps_the_event_and_the_stream() {
    let body = "id: 1\nevent: n\ndata: {\"a\":1}\n\nid: 2\nevent: m\ndata: <html>\n\ndata: {\"a\":\ndata: 2}\n\n\
                data: {\"a\":\"two\"}\n\ndata\n\n";
    let mut source = EventSource::from_body(body);
    let mut messages = source.json::<BTreeMap<String, u8>>();
    let first = soon(messages.next()).await.unwrap().unwrap();
    assert_eq!((first.value["a"], first.event.event_type()), (1, "n"));
    let html = invalid(&mut messages).await;
    assert_says(
        &format!("{html:#}"),
        &["'m'", "<html>", "expected value", "column 1"],
    );
    assert!(html.source().is_some());
    let event = html.into_event();
    assert_eq!((event.data(), event.last_event_id()), ("<html>", "2"));
    // White space between tokens may be a line feed, so several data lines are one value.
    assert_eq!(soon(messages.next()).await.unwrap().unwrap().value["a"], 2);
    let two = invalid(&mut messages).await;
    assert_says(&format!("{two:#}"), &["expected u8"]);
    assert_eq!(invalid(&mut messages).await.event().data(), "");
    assert!(soon(messages.next()).await.is_none());
}

#[tokio::test]
async fn what_is_not_meant_to_be_json_is_left_out() {
    let body = "data\n\ndata: 1\n\nevent: ping\ndata: x\n\ndata: 2\n\ndata: [DONE]\n\n";
    let mut source = EventSource::from_body(body);
    let messages = source.json::<u8>();
    let mut messages =
        messages.except(|event| event.event_type == "ping" || matches!(event.data, "" | "[DONE]"));
    for expected in [1, 2] {
        assert_eq!(
            soon(messages.next()).await.unwrap().unwrap().value,
            expected
        );
    }
    assert!(soon(messages.next()).await.is_none());
}

#[tokio::test]
async fn an_error_shows_the_beginning_of_long_data() {
    let body = format!("data: {}\n\n", "é".repeat(1000));
    let mut source = EventSource::from_body(body);
    let text = invalid(&mut source.json::<u8>()).await.to_string();
    assert!(text.ends_with(&format!("{:?}…", "é".repeat(40))), "{text}");
}

#[tokio::test]
async fn the_end_of_the_source_is_told_apart() {
    let mut source = EventSource::new("ftp://localhost/").unwrap();
    let mut messages = source.json::<u8>();
    match soon(messages.next()).await {
        Some(Err(JsonError::Source(error))) => {
            assert_eq!(error.failure(), Some(Failure::Permanent));
        }
        other => panic!("{other:?}"),
    }
    assert!(soon(messages.next()).await.is_none());
}
