//! What is in the code. In: the code of what users run. Out: shapes that the house does without.
//!
//! Next: `words.rs`, about names.

use crate::source::{self, Source};
use crate::{assert_none, planted};

/// Every line of product code in these folders that has one of these in it.
fn containing(sources: &[Source], folders: &[&str], patterns: &[&str]) -> Vec<String> {
    let product = sources.iter().filter(|source| source.is_product());
    let chosen = product.filter(|source| folders.iter().any(|f| source.path.starts_with(f)));
    let found = chosen.flat_map(|source| {
        source.lines(|line| {
            let pattern = patterns.iter().find(|pattern| has(line, pattern))?;
            Some(format!("`{pattern}`"))
        })
    });
    found.collect()
}

/// Whether the pattern stands in the line, and not as the end of a longer word.
fn has(line: &str, pattern: &str) -> bool {
    let mut before = line.match_indices(pattern).map(|(at, _)| &line[..at]);
    let starts_with_word = pattern.starts_with(char::is_alphabetic);
    before.any(|before| {
        let inside = before.ends_with(|ch: char| ch.is_alphanumeric() || ch == '_');
        !(starts_with_word && inside)
    })
}

const EVERYWHERE: &[&str] = &["crates/", "xtask/"];

const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "dbg!"];

#[test]
fn nothing_is_left_to_do() {
    assert_none(&containing(&source::all(), EVERYWHERE, UNFINISHED));
}

#[test]
fn something_left_to_do_is_found() {
    let source = planted("crates/a/src/b.rs", "fn a() {\n    todo!()\n}\n");
    assert_eq!(
        containing(&source, EVERYWHERE, UNFINISHED),
        ["crates/a/src/b.rs:2: `todo!`"]
    );
    let prose = planted("crates/a/src/b.rs", "// todo!\nfn a() { b(\"dbg!\") }\n");
    assert!(containing(&prose, EVERYWHERE, UNFINISHED).is_empty());
}

const UNWRAPS: &[&str] = &[".unwrap()", ".unwrap_err()", ".expect(\"\")"];

#[test]
fn nothing_is_unwrapped_outside_tests() {
    assert_none(&containing(&source::all(), EVERYWHERE, UNWRAPS));
}

#[test]
fn an_unwrap_is_found() {
    let text = "fn a() {\n    b().unwrap();\n}\n";
    assert_eq!(
        containing(&planted("crates/a/src/b.rs", text), EVERYWHERE, UNWRAPS).len(),
        1
    );
    assert!(containing(&planted("crates/a/src/tests.rs", text), EVERYWHERE, UNWRAPS).is_empty());
    assert!(containing(&planted("crates/a/tests/b.rs", text), EVERYWHERE, UNWRAPS).is_empty());
}

const GETTERS: &[&str] = &["fn get_"];

#[test]
fn no_function_is_called_get() {
    assert_none(&containing(&source::all(), EVERYWHERE, GETTERS));
}

#[test]
fn a_getter_is_found() {
    let text = "impl A {\n    pub fn get_b(&self) {}\n    fn target_c() {}\n    fn get() {}\n}\n";
    assert_eq!(
        containing(&planted("crates/a/src/b.rs", text), EVERYWHERE, GETTERS).len(),
        1
    );
}

/// Only at the left margin: an associated type is indented.
fn type_aliases(sources: &[Source]) -> Vec<String> {
    let product = sources.iter().filter(|source| source.is_product());
    let found = product.flat_map(|source| {
        source.lines(|line| {
            let public = line.strip_prefix("pub").map_or(line, |rest| {
                rest.split_once(' ').map_or(rest, |(_, item)| item)
            });
            public
                .starts_with("type ")
                .then(|| "a type alias".to_owned())
        })
    });
    found.collect()
}

#[test]
fn there_are_no_type_aliases() {
    assert_none(&type_aliases(&source::all()));
}

#[test]
fn a_type_alias_is_found() {
    let text =
        "type A = B;\npub type C = D;\npub(crate) type E = F;\nimpl G {\n    type H = I;\n}\n";
    assert_eq!(type_aliases(&planted("crates/a/src/b.rs", text)).len(), 3);
}

const PROTO: &[&str] = &["crates/proto/"];

/// Clock, randomness, I/O and threads.
const WORLD: &[&str] = &[
    "Instant",
    "SystemTime",
    "rand::",
    "fastrand",
    "getrandom",
    "RandomState",
    "std::io",
    "std::net",
    "std::fs",
    "std::env",
    "std::thread",
    "std::process",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
];

#[test]
fn proto_knows_nothing_of_the_world() {
    assert_none(&containing(&source::all(), PROTO, WORLD));
}

#[test]
fn a_clock_in_proto_is_found() {
    let text = "use std::time::Instant;\nfn a() { SystemTime::now(); rand::random() }\n";
    assert_eq!(
        containing(&planted("crates/proto/src/b.rs", text), PROTO, WORLD).len(),
        2
    );
    assert!(containing(&planted("crates/client/src/b.rs", text), PROTO, WORLD).is_empty());
    let near = "fn instantly(operand: u8) { strand::a() }\n";
    assert!(containing(&planted("crates/proto/src/b.rs", near), PROTO, WORLD).is_empty());
}
