//! Which crate may depend on which. In: the manifests, as cargo reads them. Out: the arrows that
//! point the wrong way.
//!
//! Next: `licences.rs`, about the crates of others.

use crate::assert_none;
use crate::source::root;
use serde_json::Value;
use std::process::Command;

/// For each published crate, which of ours it may use. What is not listed may be used by nobody.
const ALLOWED: &[(&str, &[&str])] = &[
    ("wellspring-proto", &[]),
    ("wellspring-matcher", &[]),
    (
        "wellspring-broker",
        &["wellspring-matcher", "wellspring-proto"],
    ),
    ("wellspring", &["wellspring-proto"]),
    ("wellspring-server", &["wellspring-proto"]),
    (
        "wellspring-hub",
        &["wellspring-broker", "wellspring-matcher"],
    ),
    ("wellspring-nats", &["wellspring-broker"]),
    ("wellspring-reqwest", &["wellspring"]),
    ("wellspring-sqlite", &["wellspring"]),
    ("wellspring-redis", &["wellspring-broker"]),
    (
        "wellspring-cli",
        &[
            "wellspring",
            "wellspring-broker",
            "wellspring-hub",
            "wellspring-matcher",
            "wellspring-nats",
            "wellspring-redis",
            "wellspring-server",
            "wellspring-sqlite",
            "wellspring-proto",
        ],
    ),
    ("wellspring-node", &["wellspring", "wellspring-proto"]),
];

/// For tests only, and never a dependency of what is published.
const UNPUBLISHED: &[&str] = &[
    "wellspring-testkit",
    "wellspring-engine-contract",
    "wellspring-e2e",
    "xtask",
];

/// All that proto may use of others.
const PROTO_MAY_USE: &[&str] = &["memchr", "simdutf8"];

struct Arrow {
    from: String,
    to: String,
    /// `dev` for tests, `build` for build scripts, otherwise `normal`.
    kind: String,
}

pub(crate) fn metadata(arguments: &[&str]) -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root())
        .args(["metadata", "--format-version=1"]);
    let output = cargo.args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn arrows(metadata: &Value) -> Vec<Arrow> {
    let packages = metadata["packages"].as_array().unwrap();
    let arrows = packages.iter().flat_map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap();
        dependencies.iter().map(|dependency| Arrow {
            from: package["name"].as_str().unwrap().to_owned(),
            to: dependency["name"].as_str().unwrap().to_owned(),
            kind: dependency["kind"].as_str().unwrap_or("normal").to_owned(),
        })
    });
    arrows.collect()
}

fn wrong(arrows: &[Arrow]) -> Vec<String> {
    let wrong = arrows.iter().filter(|arrow| is_wrong(arrow));
    let shown = wrong.map(|arrow| format!("{} → {} ({})", arrow.from, arrow.to, arrow.kind));
    shown.collect()
}

fn is_wrong(arrow: &Arrow) -> bool {
    let (from, to) = (arrow.from.as_str(), arrow.to.as_str());
    if arrow.kind == "dev" || UNPUBLISHED.contains(&from) {
        return false;
    }
    let ours = to.starts_with("wellspring") || to == "xtask";
    let allowed = ALLOWED.iter().find(|(name, _)| *name == from);
    let unknown = allowed.is_none();
    let upwards = ours && allowed.is_some_and(|(_, targets)| !targets.contains(&to));
    let foreign = from == "wellspring-proto" && !ours && !PROTO_MAY_USE.contains(&to);
    unknown || upwards || foreign
}

#[test]
fn arrows_point_downwards() {
    let mut all = arrows(&metadata(&["--no-deps"]));
    if root().join("crates/node/Cargo.toml").exists() {
        let node = metadata(&["--no-deps", "--manifest-path=crates/node/Cargo.toml"]);
        all.extend(arrows(&node));
    }
    assert!(all.iter().any(|arrow| arrow.from == "wellspring-proto"));
    assert_none(&wrong(&all));
}

#[test]
fn a_wrong_arrow_is_found() {
    let found = |from: &str, to: &str, kind: &str| {
        let [from, to, kind] = [from, to, kind].map(str::to_owned);
        !wrong(&[Arrow { from, to, kind }]).is_empty()
    };
    assert!(found("wellspring", "wellspring-server", "normal"));
    assert!(found("wellspring-server", "wellspring", "normal"));
    assert!(found("wellspring-proto", "wellspring", "build"));
    assert!(found("wellspring-proto", "bytes", "normal"));
    assert!(found("wellspring-cli", "wellspring-testkit", "normal"));
    assert!(found("wellspring-new", "memchr", "normal"));
    assert!(!found("wellspring-proto", "memchr", "normal"));
    assert!(!found("wellspring-proto", "wellspring-testkit", "dev"));
    assert!(!found("wellspring-e2e", "wellspring", "normal"));
}

pub(crate) fn every_package() -> Value {
    metadata(&["--all-features"])
}
