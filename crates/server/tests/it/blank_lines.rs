//! Some clients take every block for an event, data or none: httpx-sse, fetch-event-source, sseclient. To
//! them there is one empty event, which tells a place, and none that has no id.

use std::time::Duration;

use http_body_util::BodyExt;
use tokio::time::advance;
use wellspring_server::{
    Channel, EventStream, EventType, HistoryLimits, LastEventId, Start, Subscription,
};

const RETRY: Duration = Duration::from_millis(2500);

/// An event as such a client sees it: its data and its id.
#[derive(Debug, PartialEq, Eq)]
struct Seen(String, String);

fn seen(data: &str, id: &str) -> Seen {
    Seen(data.to_owned(), id.to_owned())
}

/// Every line with a field counts for the next blank line, and a blank line behind anything but a blank
/// line is an event.
fn events(text: &str) -> Vec<Seen> {
    let mut events = Vec::new();
    let mut block = text;
    while let Some((lines, rest)) = block.split_once("\n\n") {
        let value = |name: &str| {
            let found = lines.lines().find_map(|line| line.strip_prefix(name));
            found.unwrap_or_default().to_owned()
        };
        events.push(Seen(value("data: "), value("id: ")));
        block = rest;
    }
    events
}

/// All that comes in 100 s: six comments, if there is nothing else.
async fn read(stream: EventStream) -> String {
    let mut stream = stream.retry(RETRY);
    let mut text = String::new();
    for _ in 0..100 {
        let second = Duration::from_secs(1);
        while let Ok(frame) = tokio::time::timeout(Duration::ZERO, stream.frame()).await {
            let Some(frame) = frame else { return text };
            let bytes = frame.unwrap().into_data().unwrap();
            text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
        advance(second).await;
    }
    text
}

fn channel() -> Channel {
    let limits = HistoryLimits::default().with_events(2);
    let builder = Channel::builder().epoch("e").unwrap();
    let channel = builder.history(limits).build();
    for data in ["one", "two", "three"] {
        channel.publish(data).unwrap();
    }
    channel
}

fn after(id: &str) -> Subscription {
    Subscription::new().last_event_id(LastEventId::new(id).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_first_stream_has_one_that_tells_its_place() {
    let text = read(channel().subscribe(Subscription::new())).await;
    assert_eq!(
        text,
        format!(":\nid: e-3\nretry: 2500\n\n{}", ":\n".repeat(6))
    );
    assert_eq!(events(&text), [seen("", "e-3")]);
    let oldest = Subscription::new().start(Start::Oldest);
    let text = read(channel().subscribe(oldest)).await;
    let expected = [seen("", "e-1"), seen("two", "e-2"), seen("three", "e-3")];
    assert_eq!(events(&text), expected);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_resumes_has_none() {
    let text = read(channel().subscribe(after("e-3"))).await;
    assert_eq!(text, format!(":\nretry: 2500\n{}", ":\n".repeat(6)));
    let text = read(channel().subscribe(after("e-2"))).await;
    assert_eq!(events(&text), [seen("three", "e-3")]);
}

#[tokio::test(start_paused = true)]
async fn one_that_resumes_with_a_gap_is_told_its_place() {
    let text = read(channel().subscribe(after("d-7"))).await;
    assert!(
        text.starts_with(":\nretry: 2500\n: gap: other-epoch; "),
        "{text}"
    );
    let expected = [seen("", "e-1"), seen("two", "e-2"), seen("three", "e-3")];
    assert_eq!(events(&text), expected);
    let gap = EventType::new("gap").unwrap();
    let text = read(channel().subscribe(after("d-7").gap_event(gap))).await;
    let json = r#"{"reason":"other-epoch","asked":"d-7","resumesAfter":"e-1","missed":null}"#;
    let expected = [seen(json, "e-1"), seen("two", "e-2"), seen("three", "e-3")];
    assert_eq!(events(&text), expected);
}

#[tokio::test(start_paused = true)]
async fn a_filtered_stream_has_one_when_its_place_has_moved() {
    let channel = channel();
    let stream = channel.subscribe(after("e-3").filter(|event| event.data != "four"));
    let (text, ()) = tokio::join!(read(stream), async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        channel.publish("four").unwrap();
    });
    assert_eq!(events(&text), [seen("", "e-4")], "{text}");
}
