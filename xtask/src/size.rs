//! How large the program is that users get. In: `cargo build --release`. Out: its size, and a failure if it is over the
//! bound.
//!
//! Next: `../../RELEASING.md`, about its line tables, which are kept apart.

use crate::command::{cargo, succeeds, target};
use crate::step::Verdict;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// In bytes. A larger program has to say what it needs them for.
const LARGEST: u64 = 15_000_000;

/// The step of `cargo xtask test`.
pub(crate) fn verdict() -> Verdict {
    let built = succeeds(&mut cargo(["build", "--release", "-p", "wellspring-cli"]));
    built.and_then(|()| weigh(&program())).into()
}

fn weigh(program: &Path) -> Result<(), String> {
    let bytes = fs::metadata(program)
        .map_err(|error| format!("{}: {error}", program.display()))?
        .len();
    println!("{bytes} bytes, {LARGEST} at most");
    judge(bytes)
}

fn judge(bytes: u64) -> Result<(), String> {
    if bytes <= LARGEST {
        return Ok(());
    }
    Err(format!(
        "the release program has {bytes} bytes, {LARGEST} at most; `size -A` shows where they are"
    ))
}

fn program() -> PathBuf {
    let name = format!("wellspring{}", env::consts::EXE_SUFFIX);
    target().join("release").join(name)
}

#[cfg(test)]
mod tests;
