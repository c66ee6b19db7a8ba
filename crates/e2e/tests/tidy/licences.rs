//! What the crates of others allow. In: every package of the lock file, features included. Out: those
//! whose licence expression cannot be met out of the list below.
//!
//! Next: `mentions.rs`.

use crate::arrows::every_package;
use crate::assert_none;
use std::iter::Peekable;
use std::str::SplitWhitespace;

const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "CDLA-Permissive-2.0",
    "Unlicense",
    "0BSD",
];

/// Whether an SPDX expression can be met: `OR` needs one side, `AND` both, and AND binds tighter.
/// An exception after `WITH` only adds to what is allowed. Old manifests write `/` for `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ");
    let spaced = spaced.replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let allowed = any(&mut words);
    allowed && words.next().is_none()
}

fn any(words: &mut Peekable<SplitWhitespace<'_>>) -> bool {
    let mut allowed = every(words);
    while words.next_if_eq(&"OR").is_some() {
        allowed |= every(words);
    }
    allowed
}

fn every(words: &mut Peekable<SplitWhitespace<'_>>) -> bool {
    let mut allowed = one(words);
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words);
    }
    allowed
}

fn one(words: &mut Peekable<SplitWhitespace<'_>>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let allowed = any(words);
        return words.next_if_eq(&")").is_some() && allowed;
    }
    let allowed = words.next().is_some_and(|name| ALLOWED.contains(&name));
    if words.next_if_eq(&"WITH").is_some() {
        words.next();
    }
    allowed
}

#[test]
fn licences_of_dependencies_are_permissive() {
    let metadata = every_package();
    let packages = metadata["packages"].as_array().unwrap();
    let foreign = packages
        .iter()
        .filter(|package| !package["source"].is_null());
    let refused = foreign.filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or("no licence named");
        let name = package["name"].as_str().unwrap();
        (!is_allowed(licence)).then(|| format!("{name}: {licence}"))
    });
    assert_none(&refused.collect::<Vec<_>>());
    assert!(packages.len() > 20, "cargo named the dependencies");
}

#[test]
fn a_licence_that_is_not_allowed_is_found() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT OR GPL-2.0) AND ISC",
        "Apache-2.0 WITH LLVM-exception OR MPL-2.0",
        "MPL-2.0 AND GPL-2.0 OR Zlib",
    ] {
        assert!(is_allowed(good), "{good}");
    }
    for bad in [
        "",
        "MPL-2.0",
        "MIT AND MPL-2.0",
        "(MIT OR ISC) AND GPL-2.0",
        "no licence named",
        "MIT ISC",
        "(MIT",
    ] {
        assert!(!is_allowed(bad), "{bad}");
    }
}
