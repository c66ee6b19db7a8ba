//! What a server sends, looked at byte by byte. In: where it is. Out: its head, the form of its events, whether it resumes,
//! and what it sends when it has nothing to say.
//!
//! Next: `reader.rs`.

use std::time::Duration;

use serde_json::{Value, json};

use super::reader::{Reader, Way};

/// Longer than any server's own heartbeat but one, whose 30 s are documented.
const IDLE: Duration = Duration::from_secs(35);
const PATIENCE: Duration = Duration::from_secs(10);

/// Head, form and resumption.
pub(crate) async fn look(way: Way, path: &str) -> Value {
    let Ok(mut reader) = Reader::open(way, path, &[], PATIENCE).await else {
        return json!({ "status": null });
    };
    let (pieces, _) = reader.collect(Duration::from_secs(2)).await;
    let text = String::from_utf8_lossy(&pieces.concat()).into_owned();
    let events = numbered(&text);
    let status = reader.status;
    let header = |name: &str| reader.header(name).map(str::to_owned);
    let mut found = json!({
        "status": status,
        "line_end": if text.contains("\r\n") { "CRLF" } else { "LF" },
        "space_after_colon": text.contains("data: "),
        "cache_control": header("cache-control"),
        "x_accel_buffering": header("x-accel-buffering"),
        "content_encoding": header("content-encoding"),
        "ids": !events.is_empty(),
    });
    drop(reader);
    found["resumes"] = json!(resumes(way, path, &events).await);
    found
}

/// Whether the event after the second one comes first to a reader that brings the id of the second.
async fn resumes(way: Way, path: &str, events: &[(String, String)]) -> bool {
    let [_, (id, _), (_, third), ..] = events else {
        return false;
    };
    let Ok(mut reader) = Reader::open(way, path, &[("last-event-id", id)], PATIENCE).await else {
        return false;
    };
    let (pieces, _) = reader.collect(Duration::from_secs(2)).await;
    let text = String::from_utf8_lossy(&pieces.concat()).into_owned();
    numbered(&text)
        .first()
        .is_some_and(|(_, data)| data == third)
}

/// Id and data of each block that has both: an opening of the server's own has no id.
fn numbered(text: &str) -> Vec<(String, String)> {
    let text = text.replace("\r\n", "\n");
    let blocks = text.split("\n\n").filter_map(|block| {
        let value = |name: &str| {
            let mut lines = block.lines();
            let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            Some(value.trim_start().to_owned())
        };
        Some((value("id")?, value("data")?))
    });
    blocks.collect()
}

/// What comes after the one event of a stream that then has nothing to say.
pub(crate) async fn idle(way: Way) -> Value {
    let Ok(mut reader) = Reader::open(way, "/idle", &[], PATIENCE).await else {
        return Value::Null;
    };
    let mut last = Duration::ZERO;
    let mut is_first = true;
    loop {
        match reader.next(IDLE).await {
            None => return json!(format!("nothing in {} s", IDLE.as_secs())),
            Some(Err(end)) => return json!(end.text()),
            // The opening may come in several pieces.
            Some(Ok((at, _))) if is_first || at < last + Duration::from_secs(1) => {
                is_first = false;
                last = at;
            }
            Some(Ok((at, piece))) => {
                let kind = if piece.starts_with(b":") {
                    "a comment"
                } else {
                    "an event"
                };
                return json!(format!(
                    "{kind} after {} s",
                    (at - last).as_secs_f64().round()
                ));
            }
        }
    }
}
