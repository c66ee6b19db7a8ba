//! The oldest Rust that the project says it builds with. In: the version in the manifest, and the toolchains of rustup.
//! Out: a build with that one, or that it is not here.
//!
//! Next: `../../.github/workflows/ci.yml`, which always has it.

use crate::command::{output, program, root, succeeds, target};
use crate::step::Verdict;
use std::fs;

/// The step of `cargo xtask test`.
pub(crate) fn verdict() -> Verdict {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let Some(version) = version(&manifest) else {
        return Verdict::Failed("Cargo.toml names no rust-version".to_owned());
    };
    let toolchains = output(program("rustup").args(["toolchain", "list"]));
    let toolchains = toolchains.map(|(list, _)| list).unwrap_or_default();
    let Some(toolchain) = toolchain(&toolchains, version) else {
        return Verdict::Skipped(format!(
            "Rust {version} is not here: rustup toolchain install {version}"
        ));
    };
    check(toolchain).into()
}

/// Into a folder of its own, so that neither compiler throws away what the other has built.
fn check(toolchain: &str) -> Result<(), String> {
    let check = ["check", "--workspace", "--locked", "--all-features"];
    let mut cargo = program("rustup");
    cargo.args(["run", toolchain, "cargo"]).args(check);
    cargo.env_remove("CARGO").env_remove("RUSTC");
    succeeds(cargo.env("CARGO_TARGET_DIR", target().join("minimum")))
}

fn version(manifest: &str) -> Option<&str> {
    let (_, rest) = manifest.split_once("\nrust-version = \"")?;
    rest.split('"').next()
}

/// `1.88` is the version of `1.88.0-x86_64-unknown-linux-gnu`, and not of `1.880`.
fn toolchain<'a>(list: &'a str, version: &str) -> Option<&'a str> {
    let names = list.lines().filter_map(|line| line.split(' ').next());
    let mut found = names.filter(|name| {
        let rest = name.strip_prefix(version);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    });
    found.next()
}

#[cfg(test)]
mod tests;
