//! Names and prose. In: the identifiers of proto and client; their documentation, strings, and the pages.
//! Out: names made of a word for which the standard has another one, and riddles in prose.
//!
//! Next: `mentions.rs`, about words in prose.

use crate::source::{self, Source};
use crate::{assert_none, planted};

/// What is not said, and what is said instead. A name of several parts is found as a row of parts.
const BANNED: &[(&str, &str)] = &[
    ("feed", "event stream, or decode"),
    ("sse_client", "EventSource"),
    ("subscriber", "EventSource"),
    ("token", "Field"),
    ("attr", "field name"),
    ("acc", "data buffer"),
    ("cursor", "last event ID"),
    ("emit", "dispatch"),
    ("retry_ms", "reconnection time"),
    ("on_connect", "announce the connection"),
    ("eof", "end of body"),
    ("disconnect", "network error, or end of body"),
    ("connected", "ReadyState::Open"),
];

/// Names of others that have such a word in them.
const FOREIGN: &[&str] = &["cfg_attr", "UnexpectedEof", "NotConnected"];

const FOLDERS: &[&str] = &["crates/proto/src/", "crates/client/src/"];

fn banned(sources: &[Source]) -> Vec<String> {
    let product = sources.iter().filter(|source| source.is_product());
    let chosen = product.filter(|source| FOLDERS.iter().any(|f| source.path.starts_with(f)));
    chosen.flat_map(|source| source.lines(banned_in)).collect()
}

/// A line feed is a character and no feed.
fn banned_in(line: &str) -> Option<String> {
    let is_part = |ch: char| ch.is_alphanumeric() || ch == '_';
    let mut names = line.split(|ch| !is_part(ch));
    names.find_map(|name| {
        let parts = format!("_{}_", parts(name).join("_"));
        let parts = parts.replace("_line_feed_", "_");
        let (word, instead) = BANNED
            .iter()
            .find(|(word, _)| parts.contains(&format!("_{word}_")))?;
        let ours = !FOREIGN.contains(&name);
        ours.then(|| format!("`{name}` has `{word}` in it; we say {instead}"))
    })
}

/// The words of a name, in lower case: of `snake_case`, `CamelCase` and `SHOUTED_CASE` alike.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = '_';
    for ch in name.chars() {
        let starts = before == '_' || (ch.is_uppercase() && before.is_lowercase());
        before = ch;
        match parts.last_mut() {
            _ if ch == '_' => {}
            Some(part) if !starts => part.extend(ch.to_lowercase()),
            _ => parts.push(ch.to_lowercase().collect()),
        }
    }
    parts
}

#[test]
fn names_are_the_standards_words() {
    assert_none(&banned(&source::all()));
}

#[test]
fn a_banned_word_is_found_in_any_case() {
    let count = |code: &str| banned(&planted("crates/proto/src/a.rs", code)).len();
    for bad in [
        "fn feed() {}",
        "struct SseClient;",
        "let retry_ms = 5;",
        "enum A { Connected }",
        "const TOKEN: u8 = 0;",
        "fn handle_eof() {}",
        "struct EventEmit;",
        "fn on_connect() {}",
    ] {
        assert_eq!(count(bad), 1, "{bad}");
    }
    for good in [
        "// feed",
        "let a = \"token\";",
        "fn feedback() {}",
        "fn accept() {}",
        "#[cfg_attr(a, b)]",
        "fn on_connection() {}",
        "enum End { LineFeed }",
        "Err(UnexpectedEof)",
    ] {
        assert_eq!(count(good), 0, "{good}");
    }
    assert!(banned(&planted("crates/server/src/a.rs", "struct Subscriber;")).is_empty());
}

/// What a reader has to decode, in documentation, strings and pages.
const RIDDLES: &[&str] = &[
    "whoever",
    "nobody",
    "somebody",
    "everybody",
    "is told",
    "are told",
    "is news",
    "wishes",
    "befalls",
    "of no account",
];

/// Whose prose is held to this.
const PLAIN: &[&str] = &[
    "crates/broker/src/",
    "crates/cli/src/",
    "crates/client/src/",
    "crates/hub/src/",
    "crates/matcher/src/",
    "crates/node/src/",
    "crates/proto/src/",
    "crates/server/src/",
    "crates/testkit/src/",
    "xtask/src/",
    "docs/",
];

fn riddles(sources: &[Source]) -> Vec<String> {
    let chosen = sources.iter().filter(|source| {
        let page = source.path.ends_with(".md");
        let starts =
            |folders: &[&str]| folders.iter().any(|folder| source.path.starts_with(folder));
        let folder = starts(PLAIN);
        folder && (source.is_product() || page) || page && !source.path.contains('/')
    });
    let found = chosen.flat_map(|source| {
        source.text.lines().enumerate().filter_map(|(index, line)| {
            let riddle = riddle_in(line)?;
            Some(format!("{}:{}: `{riddle}`", source.path, index + 1))
        })
    });
    found.collect()
}

fn riddle_in(line: &str) -> Option<&'static str> {
    let words = line.to_lowercase().replace("told apart", "");
    let words = format!(
        " {} ",
        words.replace(|ch: char| !(ch.is_alphanumeric() || ch == '_'), " ")
    );
    let riddles = RIDDLES.iter().copied();
    let mut found = riddles.filter(|riddle| words.contains(&format!(" {riddle} ")));
    found.next()
}

#[test]
fn prose_is_plain() {
    assert_none(&riddles(&source::all()));
}

#[test]
fn a_riddle_is_found() {
    let count = |path: &str, text: &str| riddles(&planted(path, text)).len();
    assert_eq!(count("crates/proto/src/a.rs", "/// Nobody has it.\n"), 1);
    assert_eq!(count("crates/client/src/a.rs", "\"the hook is told\"\n"), 1);
    assert_eq!(count("README.md", "For whoever reads.\n"), 1);
    assert_eq!(count("docs/a.md", "fine\nIs that news? It is news.\n"), 1);
    assert_eq!(count("docs/a.md", "Two kinds are told apart.\n"), 0);
    assert_eq!(count("crates/client/src/a/tests.rs", "// nobody\n"), 0);
    assert_eq!(count("bench/record/a.md", "nobody\n"), 0);
}
