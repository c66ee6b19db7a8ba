//! Words that nobody outside could follow. In: every text file. Out: mentions of places that only
//! its makers had. The words are put together here, so that this file does not mention them.
//!
//! Next: `../standard_doc.rs`.

use crate::source::{self, Source};
use crate::{assert_none, planted};

const BANNED: &[&str] = &[
    concat!("../", "shared"),
    concat!("/work", "/"),
    concat!("shared", "/design"),
    concat!("shared", "/standard"),
    concat!("shared", "/pitfalls"),
    concat!("shared", "/seeds"),
    concat!("shared", "/examples-to-follow"),
    concat!(".", "library"),
    concat!("helper ", "session"),
];

fn mentions(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (index, line) in source.text.lines().enumerate() {
            let words = BANNED.iter().filter(|word| line.contains(**word));
            found.extend(words.map(|word| format!("{}:{}: {word}", source.path, index + 1)));
        }
    }
    found
}

#[test]
fn nothing_mentions_what_a_reader_does_not_have() {
    assert_none(&mentions(&source::all()));
}

#[test]
fn a_mention_is_found() {
    let text = format!("Fine.\nSee {}/design.md.\n", BANNED[0]);
    let found = mentions(&planted("docs/a.md", &text));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(mentions(&planted("docs/a.md", "A workspace's library is shared.\n")).is_empty());
}
