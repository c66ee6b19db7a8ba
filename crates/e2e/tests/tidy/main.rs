//! The house rules, as tests. In: the files of this repository. Out: a list of what breaks a rule,
//! as `path:line: what`. Each rule also has a test that plants a violation, so that none is a test
//! that cannot fail.
//!
//! Next: `source.rs` reads the files; then a file for each kind of rule.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read the repository has failed"
)]

mod arrows;
mod docs;
mod floors;
mod imports;
mod layout;
mod licences;
mod manifests;
mod mentions;
mod public_types;
mod source;
mod style;
mod translations;
mod unsafe_code;
mod words;

use source::Source;

/// Fails with the whole list, not with its first line.
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// A made-up file, for the tests that plant a violation.
fn planted(path: &str, text: &str) -> [Source; 1] {
    [Source::new(path.to_owned(), text.to_owned())]
}
