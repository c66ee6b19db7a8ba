//! What the tests of the pages share. In: a path in the repository. Out: its text, and whether a test
//! is in it.
//!
//! Next: the page in question.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of a file, or nothing when it is not there.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// Whether the text has this function with an attribute `test` right above it.
pub(crate) fn has_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let signature = format!("fn {name}(");
    let functions = lines.iter().enumerate();
    let mut functions = functions.filter(|(_, line)| {
        line.strip_prefix("async ")
            .unwrap_or(line)
            .starts_with(&signature)
    });
    functions.any(|(index, _)| {
        let above = lines[..index].iter().rev();
        let mut attributes = above.take_while(|line| line.starts_with("#["));
        attributes.any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
    })
}
