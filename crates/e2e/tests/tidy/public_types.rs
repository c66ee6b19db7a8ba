//! Whose types the public API mentions. In: what rustdoc knows of each published library. Out: types
//! and traits of crates that are not on the list.
//!
//! Next: `licences.rs`.

use crate::arrows::metadata;
use crate::assert_none;
use crate::source::root;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

const LIBRARIES: &[&str] = &[
    "wellspring-proto",
    "wellspring",
    "wellspring-server",
    "wellspring-broker",
    "wellspring-redis",
];

/// Crates of their own because they have the types of one other crate, 0.x, in their interface.
const ADAPTERS: &[(&str, &str)] = &[
    ("wellspring-reqwest", "reqwest"),
    ("wellspring-sqlite", "rusqlite"),
];

/// Another provider of cryptography behind the same interface, whose C takes minutes to compile.
const LEFT_OUT: &[&str] = &["aws-lc-rs"];

const ALLOWED: &[&str] = &[
    "core",
    "alloc",
    "std",
    "bytes",
    "futures_core",
    "http",
    "http_body",
    "url",
    "wellspring_broker",
    "wellspring_matcher",
    "wellspring_proto",
];

/// Likewise, with every feature: what the features are named for.
const ALLOWED_WITH_FEATURES: &[&str] = &["serde_core", "tower_service"];

/// Likewise, in the library that serves: it takes sockets.
const ALLOWED_WITH_SOCKETS: (&str, &str) = ("wellspring-server", "tokio");

/// rustdoc writes JSON only if asked for what is not stable yet. Not so the compiler: what it has checked for others is
/// used here too. One at a time, since the features of a library are not in the name of its file.
fn rustdoc(package: &str, features: &str) -> Value {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock();
    let target = Path::new(env!("CARGO_BIN_EXE_generated-streams"));
    let target = target.ancestors().nth(2).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "--lib", "--package", package])
        .args(["--features", features])
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTDOC", unstable_rustdoc(target))
        .env_remove("RUSTDOCFLAGS")
        .env("CARGO_TARGET_DIR", target)
        .current_dir(root())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let file = format!("doc/{}.json", package.replace('-', "_"));
    serde_json::from_slice(&fs::read(target.join(file)).unwrap()).unwrap()
}

/// A script that has rustdoc, and nothing else, take what is not stable.
fn unstable_rustdoc(target: &Path) -> PathBuf {
    let beside = Path::new(env!("CARGO")).with_file_name("rustdoc");
    let rustdoc = if beside.exists() {
        beside
    } else {
        "rustdoc".into()
    };
    let script = target.join("unstable-rustdoc");
    let text = format!(
        "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec '{}' \"$@\"\n",
        rustdoc.display()
    );
    // Unchanged, it is not written again: cargo looks at its age.
    if fs::read_to_string(&script).ok().as_ref() != Some(&text) {
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
    }
    script
}

/// The paths of types and traits that public items mention, of crates not on the list.
fn foreign(documentation: &Value, allowed: &[&str]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let items = documentation["index"].as_object().unwrap();
    let blanket = items.values().filter(|item| is_blanket_impl(item));
    let of_others: BTreeSet<u64> = blanket.flat_map(items_of_impl).collect();
    for item in items.values() {
        let id = item["id"].as_u64().unwrap();
        if !is_blanket_impl(item) && !of_others.contains(&id) {
            collect_ids(&item["inner"], &mut ids);
        }
    }
    let crates = &documentation["external_crates"];
    let paths = ids.iter().map(|id| &documentation["paths"][id.to_string()]);
    let foreign = paths.filter(|path| {
        let krate = path["crate_id"].as_u64().unwrap_or(0).to_string();
        let name = crates[&krate]["name"].as_str();
        name.is_some_and(|name| !allowed.contains(&name))
    });
    foreign.map(|path| path["path"].to_string()).collect()
}

/// What another crate implements for every type is not ours to choose.
fn is_blanket_impl(item: &Value) -> bool {
    !item["inner"]["impl"]["blanket_impl"].is_null()
}

fn items_of_impl(item: &Value) -> impl Iterator<Item = u64> {
    let items = item["inner"]["impl"]["items"].as_array().unwrap();
    items.iter().filter_map(Value::as_u64)
}

fn collect_ids(value: &Value, ids: &mut BTreeSet<u64>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if matches!(key.as_str(), "resolved_path" | "trait") {
                    ids.extend(value["id"].as_u64());
                }
                collect_ids(value, ids);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_ids(value, ids)),
        _ => {}
    }
}

/// All that its manifest has, but for those left out.
fn features(package: &str) -> String {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|known| known["name"] == package);
    let features = package.unwrap()["features"].as_object().unwrap().keys();
    let wanted = features.filter(|name| !LEFT_OUT.contains(&name.as_str()));
    wanted.cloned().collect::<Vec<_>>().join(",")
}

fn assert_only(allowed: &[&str], features: impl Fn(&str) -> String) {
    for library in LIBRARIES {
        let features = features(library);
        let (serving, sockets) = ALLOWED_WITH_SOCKETS;
        let mut allowed = allowed.to_vec();
        allowed.extend((*library == serving && !features.is_empty()).then_some(sockets));
        let found = foreign(&rustdoc(library, &features), &allowed);
        let found: Vec<String> = found
            .into_iter()
            .map(|path| format!("{library}: {path}"))
            .collect();
        assert_none(&found);
    }
}

#[test]
fn public_types_are_our_own_or_on_the_list() {
    assert_only(ALLOWED, |_| String::new());
    assert_only(&[ALLOWED, ALLOWED_WITH_FEATURES].concat(), features);
    for (adapter, adapted) in ADAPTERS {
        let allowed = [ALLOWED, &["wellspring", adapted]].concat();
        let found = foreign(&rustdoc(adapter, ""), &allowed);
        assert!(found.is_empty(), "{adapter}: {found:?}");
        let without = foreign(&rustdoc(adapter, ""), &[ALLOWED, &["wellspring"]].concat());
        assert!(
            !without.is_empty(),
            "{adapter} need not be a crate of its own"
        );
    }
}

#[test]
fn a_foreign_type_is_found() {
    let without_http: Vec<&str> = ALLOWED.iter().copied().filter(|a| *a != "http").collect();
    let found = foreign(&rustdoc("wellspring-server", ""), &without_http);
    assert!(
        found.iter().any(|path| path.contains("HeaderMap")),
        "{found:?}"
    );
    let proto_only = foreign(&rustdoc("wellspring-proto", ""), &["core", "alloc", "std"]);
    assert_eq!(proto_only, BTreeSet::new());
    let found = foreign(&rustdoc("wellspring", &features("wellspring")), ALLOWED);
    for krate in ALLOWED_WITH_FEATURES {
        assert!(
            found.iter().any(|path| path.contains(krate)),
            "{krate}: {found:?}"
        );
    }
}
