//! What a server says when it refuses. In: a response that is no event stream. Out: lines: its own
//! words, and what they ask for.
//!
//! Next: `exit.rs` and `tail/connection.rs` print them.

use http::header::WWW_AUTHENTICATE;
use wellspring::{Cause, Refused};

use crate::plain::{seconds, visible};

/// The most of a body that is shown, in bytes.
const LONGEST: usize = 4096;
/// The most of the text of a page that is shown, in characters.
const PAGE: usize = 300;

/// `; Retry-After: 2 s`, if the response has one.
pub(crate) fn retry_after(cause: &Cause) -> String {
    let Cause::Refused(refused) = cause else {
        return String::new();
    };
    let time = refused.retry_after();
    time.map_or_else(String::new, |time| {
        format!("; Retry-After: {}", seconds(time))
    })
}

/// What the server said, each line indented; nothing if it said nothing.
pub(crate) fn lines(refused: &Refused) -> Vec<String> {
    let mut lines = Vec::new();
    for value in refused.headers.get_all(WWW_AUTHENTICATE) {
        let value = String::from_utf8_lossy(value.as_bytes());
        lines.push(format!("  www-authenticate: {}", visible(&value)));
    }
    let said = said(refused);
    if !said.is_empty() {
        lines.push("  the server says:".to_owned());
        lines.extend(said.iter().map(|line| format!("    {}", visible(line))));
    }
    lines
}

/// What a user can do about a refusal that ends the program.
pub(crate) fn advice(refused: &Refused) -> Option<&'static str> {
    match refused.status.as_u16() {
        406 => Some(
            "  the request's Accept was text/event-stream, unless -H says otherwise; servers of MCP \
             require -H 'Accept: application/json, text/event-stream'",
        ),
        408 | 425 | 429 | 500..=599 => Some("  --preset resilient waits and tries again"),
        _ => None,
    }
}

/// The lines of the body.
fn said(refused: &Refused) -> Vec<String> {
    let body = refused.body.as_ref();
    let content_type = refused.content_type().unwrap_or_default();
    let shown = &body[..body.len().min(LONGEST)];
    // A character that is cut in two is none of the server's faults.
    let text = String::from_utf8_lossy(shown);
    let text = match body.len() > shown.len() {
        true => text.trim_end_matches('\u{FFFD}'),
        false => &text,
    };
    if refused.content_coding().is_some() || is_binary(text) {
        return vec![format!("{} bytes that are not text", body.len())];
    }
    if content_type.ends_with("html") || text.trim_start().starts_with("<!") {
        return page(text);
    }
    let mut lines: Vec<String> = text.trim().lines().map(str::to_owned).collect();
    if body.len() > shown.len() {
        lines.push(format!("… (the first {LONGEST} bytes)"));
    }
    lines
}

fn is_binary(text: &str) -> bool {
    let odd = |ch: &char| matches!(ch, '\u{FFFD}' | '\0');
    text.chars().filter(odd).count() * 10 > text.chars().count()
}

/// The title and the first words of a page.
fn page(html: &str) -> Vec<String> {
    let mut words = String::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        words.push_str(text);
        words.push(' ');
        let name = after.split(|ch: char| !ch.is_ascii_alphanumeric()).next();
        let end = match name.unwrap_or_default().to_ascii_lowercase().as_str() {
            "script" => "</script",
            "style" => "</style",
            _ => "",
        };
        let after = after.find(end).map_or("", |at| &after[at + end.len()..]);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    words.push_str(rest);
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ");
    let shown: String = words.chars().take(PAGE).collect();
    let more = if shown.len() < words.len() {
        " …"
    } else {
        ""
    };
    match shown.is_empty() {
        true => vec!["a page without text".to_owned()],
        false => vec![format!("(a page) {shown}{more}")],
    }
}

#[cfg(test)]
mod tests;
