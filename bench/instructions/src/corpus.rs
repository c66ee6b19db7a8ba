//! Event streams that are always the same. In: how many events. Out: their bytes.
//!
//! Next: `rows.rs` decodes them.

use std::fmt::Write;

const WORDS: &[&str] = &[
    " the", " of", " stream", "ing", " naïve", ",", " event", " 日本", ".", " source", " it", "'s",
];

/// What language models send: a short JSON text an event.
pub(crate) fn tokens(events: usize) -> Vec<u8> {
    written(events, |text, index| {
        let word = WORDS[index % WORDS.len()];
        let _ = write!(
            text,
            "data: {{\"id\":\"c-{index}\",\"choices\":[{{\"delta\":{{\"content\":\"{word}\"}}}}]}}\n\n"
        );
    })
}

/// Every field, CRLF, several lines of data.
pub(crate) fn every_field(events: usize) -> Vec<u8> {
    written(events, |text, index| {
        let _ = write!(
            text,
            "event: update\r\nid: {index}\r\nretry: 2000\r\ndata: first {index}\r\ndata: second\r\n\r\n"
        );
    })
}

/// Comments, and now and then an event.
pub(crate) fn comments(events: usize) -> Vec<u8> {
    written(events, |text, index| {
        text.push_str(": keep-alive\n\n:\n\n: still here, and so are you\n\n");
        let _ = write!(text, "data: {index}\n\n");
    })
}

/// One long line an event.
pub(crate) fn long_lines(events: usize) -> Vec<u8> {
    let line = WORDS.concat().repeat(80);
    written(events, |text, index| {
        let _ = write!(text, "id: {index}\ndata: {line}\n\n");
    })
}

fn written(events: usize, one: impl Fn(&mut String, usize)) -> Vec<u8> {
    let mut text = String::new();
    (0..events).for_each(|index| one(&mut text, index));
    text.into_bytes()
}
