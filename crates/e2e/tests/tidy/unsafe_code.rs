//! No `unsafe`. In: the manifests and the sources. Out: crates that do not forbid it.
//!
//! Next: `public_types.rs`.

use crate::source::{self, Source, root};
use crate::{assert_none, planted};
use std::fs;

/// Where there is no other way, and nothing of it in a Rust library that we publish: the program
/// without a standard library has an entry point of its own, libFuzzer and Node call into glue.
const EXCUSED: &[&str] = &["crates/proto/no-std/", "fuzz/", "crates/node/"];

fn relaxations(sources: &[Source]) -> Vec<String> {
    let sources = sources
        .iter()
        .filter(|source| source.path.ends_with(".rs"))
        .filter(|source| !EXCUSED.iter().any(|place| source.path.starts_with(place)));
    let mut found = Vec::new();
    for source in sources {
        for (index, line) in source.text.lines().enumerate() {
            let relaxed = ["allow(", "expect(", "warn("]
                .iter()
                .any(|level| line.contains(&format!("{level}{}", concat!("unsafe", "_code"))));
            if relaxed {
                found.push(format!("{}:{}: allows unsafe", source.path, index + 1));
            }
        }
    }
    found
}

fn members_without_lints() -> Vec<String> {
    let folders = fs::read_dir(root().join("crates")).unwrap();
    let manifests = folders
        .map(|folder| folder.unwrap().path().join("Cargo.toml"))
        .filter(|manifest| !manifest.ends_with("node/Cargo.toml"))
        .chain([root().join("xtask/Cargo.toml")]);
    let without = manifests.filter(|path| {
        let text = fs::read_to_string(path).unwrap();
        !text.contains("[lints]\nworkspace = true")
    });
    without.map(|path| path.display().to_string()).collect()
}

#[test]
fn unsafe_is_forbidden_everywhere() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("\nunsafe_code = \"forbid\"\n"));
    assert_none(&members_without_lints());
    assert_none(&relaxations(&source::all()));
}

#[test]
fn a_relaxation_is_found() {
    let text = format!("#![allow({})]\n", concat!("unsafe", "_code"));
    assert_eq!(relaxations(&planted("crates/a/src/b.rs", &text)).len(), 1);
    assert!(relaxations(&planted("crates/proto/no-std/src/main.rs", &text)).is_empty());
}
