//! Files to judge. In: the repository. Out: their text, and for Rust also their code, in which
//! comments and strings are blank, so that no rule is broken by a word in prose.
//!
//! Next: `layout.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// Not ours to judge; `.git` is a file in a second work tree.
const SKIPPED: &[&str] = &[".git", "target", "node_modules"];

pub(crate) struct Source {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text with a space for each character of a comment or a string.
    pub(crate) code: String,
}

impl Source {
    pub(crate) fn new(path: String, text: String) -> Self {
        let code = if path.ends_with(".rs") {
            code_of(&text)
        } else {
            String::new()
        };
        Self { path, text, code }
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Code that users run: not a test, an example or a benchmark.
    pub(crate) fn is_product(&self) -> bool {
        let in_src = self.path.starts_with("crates/") && self.path.contains("/src/");
        let in_src = in_src || self.path.starts_with("xtask/src/");
        self.is_rust() && in_src && !self.is_test()
    }

    fn is_test(&self) -> bool {
        let is_suite = self.path.starts_with("crates/engine-contract/");
        is_suite || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// `path:line: what` for each line of code that `find` says something about.
    pub(crate) fn lines(&self, find: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let lines = self.code.lines().enumerate();
        let found = lines.filter_map(|(index, line)| {
            let what = find(line)?;
            Some(format!("{}:{}: {what}", self.path, index + 1))
        });
        found.collect()
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file of the repository.
pub(crate) fn all() -> Vec<Source> {
    let mut sources = Vec::new();
    walk(&root(), "", &mut sources);
    assert!(sources.len() > 30, "the repository was not found");
    sources
}

/// Where `npm pack` puts its copy of the Rust sources.
const PACKED: &str = "crates/node/rust";

fn walk(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            if path != PACKED {
                walk(&entry.path(), &format!("{path}/"), sources);
            }
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            sources.push(Source::new(path, text));
        }
    }
}

/// The text with comments and strings blanked; line ends stay, so that line numbers do.
pub(crate) fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = code.ends_with(|ch: char| ch.is_alphanumeric() || ch == '_');
        match literal_length(rest, after_word) {
            0 => {
                code.push(first);
                rest = &rest[first.len_utf8()..];
            }
            length => {
                let blank = |ch| if ch == '\n' { '\n' } else { ' ' };
                code.extend(rest[..length].chars().map(blank));
                rest = &rest[length..];
            }
        }
    }
    code
}

/// How many bytes of a comment, a string or a character stand here.
fn literal_length(rest: &str, after_word: bool) -> usize {
    let to = |end: Option<usize>| end.unwrap_or(rest.len());
    if rest.starts_with("//") {
        return to(rest.find('\n'));
    }
    if rest.starts_with("/*") {
        return block_comment_length(rest);
    }
    if rest.starts_with('"') {
        return to(quoted_length(rest, '"'));
    }
    if let Some(opening) = raw_string_opening(rest).filter(|_| !after_word) {
        let closing = format!("\"{}", "#".repeat(opening.matches('#').count()));
        let body = &rest[opening.len()..];
        let end = body.find(&closing);
        return to(end.map(|at| opening.len() + at + closing.len()));
    }
    if rest.starts_with('\'') && is_character(rest) {
        return to(quoted_length(rest, '\''));
    }
    0
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        let step = match here {
            [b'/', b'*', ..] => 1,
            [b'*', b'/', ..] => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The bytes up to and with the closing quote; a backslash takes the next character with it.
fn quoted_length(rest: &str, quote: char) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, ch)) = characters.next() {
        match ch {
            '\\' => drop(characters.next()),
            ch if ch == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// `r"`, `br#"` and the like.
fn raw_string_opening(rest: &str) -> Option<&str> {
    let after = rest.trim_start_matches(['b', 'c']).strip_prefix('r')?;
    let quote = after.trim_start_matches('#').strip_prefix('"')?;
    let length = rest.len() - quote.len();
    (length < 12).then(|| &rest[..length])
}

/// Whether a quote begins a character and not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut after = rest.chars().skip(1);
    match after.next() {
        Some('\\') => true,
        Some(_) => after.next() == Some('\''),
        None => false,
    }
}

#[test]
fn comments_and_strings_are_blank() {
    let text =
        "let a = \"x // y\"; // z\nlet b = r#\"w \" v\"#; /* u /* t */ s */ fn r<'q>() {'p'}\n";
    let code = code_of(text);
    assert_eq!(code.lines().count(), 2);
    for gone in ["x", "y", "z", "w", "v", "u", "t */", "s */", "'p'"] {
        assert!(!code.contains(gone), "{gone} in {code}");
    }
    for kept in ["let a =", "let b =", "fn r<'q>()"] {
        assert!(code.contains(kept), "{kept} not in {code}");
    }
}

#[test]
fn escapes_do_not_end_a_literal() {
    let code = code_of(r#"f('\'', "\\", "a\"b", b"\xEF", '"', "c"); g()"#);
    assert!(code.ends_with("); g()"), "{code}");
    assert!(!code.contains(['a', 'c']), "{code}");
}
