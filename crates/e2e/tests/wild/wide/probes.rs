//! What a proxy does to an event stream. In: a proxy before an [`Origin`]. Out: a figure a question.
//!
//! Next: `proxies.rs` asks all of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::sleep;

use super::origin::Origin;
use super::reader::{End, Reader, Way};

/// After so long without a byte there is nothing to wait for.
const PATIENCE: Duration = Duration::from_secs(3);
/// Longer than any default that is known, and than a client's patience.
const SILENCE: Duration = Duration::from_secs(330);
/// How long a server that writes each 15 s is given to see that its reader has gone.
const LEAVING: Duration = Duration::from_secs(75);
/// From so many pieces in two seconds on, of twenty, a stream flows.
const FLOWS: usize = 10;

/// Milliseconds until the first event is there, or nothing.
pub(crate) async fn first_event(way: Way) -> Value {
    match Reader::open(way, "/ours/first", &[], PATIENCE).await {
        Err(_) => Value::Null,
        Ok(mut reader) => match reader.next(PATIENCE).await {
            Some(Ok((after, _))) => json!(after.as_millis()),
            _ => Value::Null,
        },
    }
}

/// Whether comments come as they are written.
pub(crate) async fn comments(way: Way) -> Value {
    let Ok(mut reader) = Reader::open(way, "/comments", &[], PATIENCE).await else {
        return json!(false);
    };
    let (pieces, _) = reader.collect(Duration::from_secs(2)).await;
    json!(pieces.len() >= FLOWS)
}

/// After how much silence the stream is cut, and how that looks.
pub(crate) async fn silence(way: Way) -> Value {
    let watched = SILENCE;
    let began = Instant::now();
    match Reader::open(way, "/quiet", &[], watched).await {
        Ok(mut reader) => {
            reader
                .silence(watched.saturating_sub(began.elapsed()))
                .await
        }
        Err(why) if why == "nothing" => {
            json!({ "after_s": null, "watched_s": watched.as_secs(), "end": "no head" })
        }
        Err(why) => {
            json!({ "after_s": began.elapsed().as_secs_f64().round(), "end": format!("no head, {why}") })
        }
    }
}

/// How it looks that the server was cut in the middle of its body.
pub(crate) async fn cut(way: Way, path: &str) -> Value {
    match Reader::open(way, path, &[], PATIENCE).await {
        Err(why) => json!(format!("no head, {why}")),
        Ok(mut reader) => match reader.collect(PATIENCE * 2).await.1 {
            Some(end) => json!(end.text()),
            None => json!("stays open"),
        },
    }
}

/// Seconds until the server knows that its reader left, when it writes a comment each 15 s.
pub(crate) async fn leaving(way: Way, origin: &Origin) -> Value {
    let path = "/commented/leaving";
    let reader = Reader::open(way, path, &[], PATIENCE).await;
    if let Ok(mut reader) = reader {
        let _ = reader.next(PATIENCE).await;
    }
    let left = Instant::now();
    while left.elapsed() < LEAVING {
        let seen = origin.seen(path);
        if let Some(noticed) = seen.first().and_then(|seen| seen.left) {
            return json!(
                noticed
                    .saturating_duration_since(left)
                    .as_secs_f64()
                    .round()
            );
        }
        sleep(Duration::from_millis(50)).await;
    }
    Value::Null
}

/// What asking for gzip brings: for a stream that begins small, one that begins with more than 512 bytes, and
/// one with `Cache-Control: no-transform`.
pub(crate) async fn coding(way: Way) -> Value {
    let small = coded(way, "/bare/coded").await;
    let big = coded(way, "/big/coded").await;
    let ours = coded(way, "/ours/coded").await;
    json!({ "small_start": small, "big_start": big, "no_transform": ours })
}

async fn coded(way: Way, path: &str) -> String {
    let asked = [("accept-encoding", "gzip")];
    let Ok(mut reader) = Reader::open(way, path, &asked, PATIENCE).await else {
        return "nothing, not even the head".to_owned();
    };
    let coding = reader
        .header("content-encoding")
        .unwrap_or("not compressed")
        .to_owned();
    let (pieces, _) = reader.collect(Duration::from_secs(2)).await;
    match pieces.len() >= FLOWS {
        true => format!("{coding}, flows"),
        false => format!("{coding}, stalls"),
    }
}

/// What a second reader of the same URL gets, without and with our `Cache-Control`.
pub(crate) async fn second_reader(way: Way, origin: &Origin) -> Value {
    let bare = second(way, origin, "/bare/second").await;
    let ours = second(way, origin, "/ours/second").await;
    json!({ "without_cache_control": bare, "no_cache": ours })
}

async fn second(way: Way, origin: &Origin, path: &str) -> &'static str {
    let Ok(mut first) = Reader::open(way, path, &[], PATIENCE).await else {
        return "nothing for the first";
    };
    let _ = first.collect(Duration::from_millis(500)).await;
    let opened = Reader::open(way, path, &[], PATIENCE).await;
    let Ok(mut second) = opened else {
        return "nothing";
    };
    let (pieces, _) = second.collect(Duration::from_secs(2)).await;
    match (pieces.is_empty(), origin.seen(path).len()) {
        (true, _) => "a head only",
        (false, 1) => "the stream of the first",
        (false, _) => "a stream of its own",
    }
}

/// Which headers do not arrive: those of the request at the server, those of the response at the reader.
pub(crate) async fn headers(way: Way, origin: &Origin) -> Value {
    let path = "/ours/headers";
    let sent = [
        ("last-event-id", "41"),
        ("authorization", "Bearer t"),
        ("cache-control", "no-cache"),
        ("cookie", "a=b"),
    ];
    let reader = Reader::open(way, path, &sent, PATIENCE).await;
    let head = origin
        .seen(path)
        .first()
        .map(|seen| seen.head.to_lowercase());
    let head = head.unwrap_or_default();
    let asked = sent
        .iter()
        .filter(|(name, value)| !head.contains(&format!("\n{name}: {}\r", value.to_lowercase())));
    let asked: Vec<&str> = asked.map(|(name, _)| *name).collect();
    let expected = [
        "content-type",
        "cache-control",
        "x-accel-buffering",
        "wellspring-resume",
    ];
    let answered = expected.iter().filter(|name| match &reader {
        Ok(reader) => reader.header(name).is_none(),
        Err(_) => true,
    });
    let answered: Vec<&&str> = answered.collect();
    let http_1_0 = head
        .lines()
        .next()
        .is_some_and(|line| line.trim_end().ends_with("http/1.0"));
    json!({ "lost_to_server": asked, "lost_to_reader": answered, "asks_in_http_1_0": http_1_0 })
}

/// What comes of answers that are no stream: the status, and whether `Retry-After` is there.
pub(crate) async fn statuses(way: Way) -> Value {
    let mut statuses = serde_json::Map::new();
    for status in ["204", "429", "503"] {
        let path = format!("/{status}");
        let text = match Reader::open(way, &path, &[], PATIENCE).await {
            Err(why) => why,
            Ok(reader) => match reader.header("retry-after") {
                Some("7") => format!("{}, Retry-After", reader.status),
                _ => reader.status.to_string(),
            },
        };
        statuses.insert(status.to_owned(), json!(text));
    }
    for path in ["103-together", "103-apart"] {
        let text = match Reader::open(way, &format!("/{path}"), &[], PATIENCE).await {
            Err(why) => why,
            Ok(mut reader) => {
                let (pieces, end) = reader.collect(Duration::from_secs(1)).await;
                let flows = if pieces.len() >= FLOWS / 2 {
                    "flows"
                } else {
                    "no events"
                };
                let end = end.as_ref().map(End::text);
                let end = end.map_or(String::new(), |end| format!(", {end}"));
                format!("{}, {flows}{end}", reader.status)
            }
        };
        statuses.insert(path.to_owned(), json!(text));
    }
    Value::Object(statuses)
}
