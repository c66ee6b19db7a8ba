//! How files look. In: every Rust file. Out: those that are too long, those that do not say what
//! they are for, and whatever would let a function grow past 70 lines.
//!
//! Next: `style.rs`, about what is in them.

use crate::source::{self, Source, root};
use crate::{assert_none, planted};
use std::fs;

const LONGEST_FILE: usize = 400;
const MEDIAN_FILE: usize = 200;
const LONGEST_FUNCTION: usize = 70;

fn too_long(sources: &[Source]) -> Vec<String> {
    let rust = sources.iter().filter(|source| source.is_rust());
    let counted = rust.map(|source| (source.text.lines().count(), &source.path));
    let long = counted.filter(|(lines, _)| *lines > LONGEST_FILE);
    long.map(|(lines, path)| format!("{path}: {lines} lines, {LONGEST_FILE} at most"))
        .collect()
}

#[test]
fn no_file_is_too_long() {
    let sources = source::all();
    assert_none(&too_long(&sources));
    let rust = sources.iter().filter(|source| source.is_rust());
    let mut lengths: Vec<usize> = rust.map(|source| source.text.lines().count()).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    println!("{} Rust files, median {median} lines", lengths.len());
    assert!(median <= MEDIAN_FILE, "the median file has {median} lines");
}

#[test]
fn a_long_file_is_found() {
    assert!(too_long(&planted("crates/a/src/b.rs", &"\n".repeat(400))).is_empty());
    assert_eq!(
        too_long(&planted("crates/a/src/b.rs", &"\n".repeat(401))).len(),
        1
    );
}

fn without_module_docs(sources: &[Source]) -> Vec<String> {
    let product = sources.iter().filter(|source| source.is_product());
    let silent = product.filter(|source| !source.text.starts_with("//! "));
    silent
        .map(|source| format!("{}: opens without `//!`", source.path))
        .collect()
}

#[test]
fn every_file_says_what_it_is_for() {
    assert_none(&without_module_docs(&source::all()));
}

#[test]
fn a_file_without_module_docs_is_found() {
    let silent = "use std::fmt;\n";
    assert_eq!(
        without_module_docs(&planted("crates/a/src/b.rs", silent)).len(),
        1
    );
    assert_eq!(
        without_module_docs(&planted("xtask/src/b.rs", silent)).len(),
        1
    );
    assert!(without_module_docs(&planted("crates/a/src/b/tests.rs", silent)).is_empty());
    assert!(without_module_docs(&planted("crates/a/src/b.rs", "//! A thing.\n")).is_empty());
}

/// A module's file stands beside its folder, not in it.
fn inside_their_folder(sources: &[Source]) -> Vec<String> {
    let product = sources.iter().filter(|source| source.is_product());
    let inside = product.filter_map(|source| source.path.strip_suffix("/mod.rs"));
    inside
        .map(|folder| format!("{folder}/mod.rs: write it as {folder}.rs"))
        .collect()
}

#[test]
fn modules_stand_beside_their_folders() {
    assert_none(&inside_their_folder(&source::all()));
}

#[test]
fn a_module_inside_its_folder_is_found() {
    assert_eq!(
        inside_their_folder(&planted("crates/a/src/b/mod.rs", "")).len(),
        1
    );
    assert!(inside_their_folder(&planted("crates/a/src/b.rs", "")).is_empty());
}

/// Clippy counts the lines of functions; this looks whether it is told to, everywhere.
fn lets_functions_grow(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let is_member = source.path.starts_with("crates/") || source.path.starts_with("xtask/");
        let is_manifest = is_member && source.path.ends_with("/Cargo.toml");
        if is_manifest && !source.text.contains("[lints]\nworkspace = true") && !is_node(source) {
            found.push(format!(
                "{}: does not take the workspace's lints",
                source.path
            ));
        }
        found.extend(source.lines(|line| {
            let relaxed = line.contains("clippy::too_many_lines");
            relaxed.then(|| "lets a function grow".to_owned())
        }));
    }
    found
}

/// The binding repeats the table of lints, because its generated glue is unsafe.
fn is_node(source: &Source) -> bool {
    source.path == "crates/node/Cargo.toml" && source.text.contains("too_many_lines = \"warn\"")
}

#[test]
fn no_function_is_too_long() {
    let clippy = fs::read_to_string(root().join("clippy.toml")).unwrap();
    let threshold = format!("too-many-lines-threshold = {LONGEST_FUNCTION}\n");
    assert!(
        clippy.contains(&threshold),
        "clippy.toml has lost {threshold}"
    );
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("too_many_lines = \"warn\""));
    let steps = fs::read_to_string(root().join("xtask/src/test.rs")).unwrap();
    assert!(steps.contains("clippy --workspace --all-targets -- -D warnings"));
    assert_none(&lets_functions_grow(&source::all()));
}

#[test]
fn a_relaxed_function_length_is_found() {
    let relaxed = "#[allow(clippy::too_many_lines)]\nfn a() {}\n";
    assert_eq!(
        lets_functions_grow(&planted("crates/a/src/b.rs", relaxed)).len(),
        1
    );
    assert_eq!(
        lets_functions_grow(&planted("crates/a/Cargo.toml", "[package]\n")).len(),
        1
    );
}
