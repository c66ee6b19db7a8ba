//! Documentation of the published crates. In: their files. Out: crates with less of it than they had, and public functions
//! whose first line does not say what they do.
//!
//! Next: `words.rs`, about the words in it.

use crate::source::{self, Source};
use crate::{assert_none, planted};

/// Lines of documentation for each 100 lines of code, at the least. To raise one is a good change; the aim is 50.
const DENSITIES: &[(&str, usize)] = &[
    ("crates/proto/src/", 50),
    ("crates/client/src/", 28),
    ("crates/server/src/", 50),
    ("crates/matcher/src/", 12),
];

fn density(sources: &[Source], folder: &str) -> usize {
    let (mut documentation, mut code) = (0, 0);
    let product = sources.iter().filter(|source| source.is_product());
    for source in product.filter(|source| source.path.starts_with(folder)) {
        let lines = source.text.lines().map(str::trim);
        let is_documentation = |line: &&str| line.starts_with("///") || line.starts_with("//!");
        documentation += lines.filter(is_documentation).count();
        code += source
            .code
            .lines()
            .filter(|line| !line.trim().is_empty())
            .count();
    }
    100 * documentation / code.max(1)
}

#[test]
fn documentation_does_not_thin_out() {
    let sources = source::all();
    let thin = DENSITIES.iter().filter_map(|(folder, least)| {
        let density = density(&sources, folder);
        println!("{folder}: {density} lines of documentation for 100 of code");
        (density < *least).then(|| {
            format!("{folder}: {density} lines of documentation for 100 of code, {least} at least")
        })
    });
    assert_none(&thin.collect::<Vec<_>>());
}

#[test]
fn lines_of_documentation_are_counted_beside_those_of_code() {
    let text = "//! What.\n\n/// Returns.\nfn f() {\n    // Why.\n    1\n}\n";
    assert_eq!(
        density(&planted("crates/a/src/b.rs", text), "crates/a/"),
        66
    );
    assert_eq!(
        density(&planted("crates/a/src/b/tests.rs", text), "crates/a/"),
        0
    );
}

/// Whose public functions begin with what they do: "Returns", "Sets", "Opens".
const VERBS: &[&str] = &[
    "crates/client/src/",
    "crates/proto/src/",
    "crates/server/src/",
];

/// Not yet.
const NO_VERBS: &[&str] = &["crates/client/src/transport/"];

fn without_verb(sources: &[Source]) -> Vec<String> {
    let starts = |source: &Source, folders: &[&str]| {
        folders.iter().any(|folder| source.path.starts_with(folder))
    };
    let product = sources.iter().filter(|source| source.is_product());
    let chosen = product.filter(|source| starts(source, VERBS) && !starts(source, NO_VERBS));
    chosen.flat_map(first_lines_without_verb).collect()
}

fn first_lines_without_verb(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let mut first: Option<(usize, &str)> = None;
    for (index, line) in source.text.lines().enumerate() {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("/// ") {
            first = first.or(Some((index + 1, text)));
        } else if is_public_function(line) {
            if let Some((number, text)) = first.take().filter(|(_, text)| !begins_with_verb(text)) {
                found.push(format!(
                    "{}:{number}: begins with no verb: {text}",
                    source.path
                ));
            }
        } else if !line.starts_with("///") && !is_attribute(line) {
            first = None;
        }
    }
    found
}

fn is_public_function(line: &str) -> bool {
    let rest = line.strip_prefix("pub ").unwrap_or_default();
    let rest = rest
        .trim_start_matches("const ")
        .trim_start_matches("async ");
    rest.starts_with("fn ")
}

/// One of several lines begins with its name, and its parts with theirs.
fn is_attribute(line: &str) -> bool {
    ["#[", "clippy::", "reason", ")]"]
        .iter()
        .any(|start| line.starts_with(start))
}

/// In the third person: what ends in `s`.
fn begins_with_verb(text: &str) -> bool {
    let word = text.split([' ', ',', ':']).next().unwrap_or_default();
    let is_word = word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    is_word && word.ends_with('s')
}

#[test]
fn public_functions_begin_with_a_verb() {
    assert_none(&without_verb(&source::all()));
}

#[test]
fn a_first_line_without_verb_is_found() {
    let count = |docs: &str| {
        let text = format!(
            "impl A {{\n    /// {docs}\n    ///\n    /// More.\n    #[must_use]\n    pub fn f() {{}}\n}}\n"
        );
        without_verb(&planted("crates/client/src/a.rs", &text)).len()
    };
    for bad in [
        "The URL.",
        "Whether it is.",
        "`url`: the URL.",
        "What it says.",
        "A body.",
    ] {
        assert_eq!(count(bad), 1, "{bad}");
    }
    for good in ["Returns the URL.", "Sets it, for good.", "Calls: nothing."] {
        assert_eq!(count(good), 0, "{good}");
    }
    let private = "/// The URL.\nfn f() {}\n/// The field.\npub a: u8,\npub fn undocumented() {}\n";
    assert!(without_verb(&planted("crates/client/src/a.rs", private)).is_empty());
}
