//! What a registry shows of a crate. In: the manifests of published crates, and the folders they are
//! in. Out: what is missing there.
//!
//! Next: `licences.rs`, about the crates of others.

use crate::arrows::metadata;
use crate::assert_none;
use crate::source::root;
use serde_json::Value;
use std::fs;
use std::path::Path;

const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

fn missing(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let folder = manifest.parent().unwrap();
    let mut missing = Vec::new();
    for key in ["description", "license", "readme", "rust_version"] {
        if !package[key].is_string() {
            missing.push(format!("{name}: no {key}"));
        }
    }
    for key in ["keywords", "categories"] {
        let count = package[key].as_array().map_or(0, Vec::len);
        if !(1..=5).contains(&count) {
            missing.push(format!("{name}: {count} {key}, one to five are shown"));
        }
    }
    for file in LICENCES {
        let own = fs::read(folder.join(file)).unwrap_or_default();
        if own != fs::read(root().join(file)).unwrap() {
            missing.push(format!("{name}: {file} is not that of the root"));
        }
    }
    let is_library = folder.join("src/lib.rs").exists();
    if is_library && package["metadata"]["docs"]["rs"]["all-features"] != true {
        missing.push(format!(
            "{name}: its documentation would hide what features add"
        ));
    }
    missing
}

#[test]
fn published_crates_show_what_they_are() {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().unwrap().iter();
    let published = packages.filter(|package| package["publish"].is_null());
    let published: Vec<&Value> = published.collect();
    assert!(published.len() >= 5);
    let missing: Vec<String> = published.into_iter().flat_map(missing).collect();
    assert_none(&missing);
}

#[test]
fn a_bare_manifest_is_found() {
    let manifest = root().join("crates/e2e/Cargo.toml");
    let bare = serde_json::json!({
        "name": "bare", "license": "MIT", "keywords": [],
        "manifest_path": manifest.to_str().unwrap(),
    });
    // Description, README, Rust version, keywords, categories, two licences, documentation.
    assert_eq!(missing(&bare).len(), 8, "{:?}", missing(&bare));
}
