//! The programs that a test needs beside itself. In: a name. Out: its path; or nothing, said aloud,
//! and under `CI=true` a failed test.
//!
//! ```no_run
//! # fn test() {
//! let Some(php) = wellspring_testkit::tool("php") else {
//!     return;
//! };
//! # let _ = php;
//! # }
//! ```
//!
//! Next: `xtask/src/tools.rs` installs what is missing before the tests run.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;

/// Finds a program on `PATH`, and in the `sbin` folders that a user's `PATH` often lacks. When it is
/// not there, a person sees one line that says what was skipped and the test should return.
///
/// # Panics
/// When it is not there and the environment says `CI=true`: there, a skipped test is a failed one.
#[must_use]
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path);
    let usual = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    let found = on_path
        .chain(usual)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file());
    if found.is_none() {
        report_missing(name);
    }
    found
}

fn report_missing(name: &str) {
    assert!(
        !is_ci(),
        "`{name}` is not on PATH, and CI=true allows no skipped test"
    );
    let test = std::thread::current();
    let test = test.name().unwrap_or("a test");
    // Not eprintln: the test runner would swallow that for a test that passes.
    let line = format!("SKIPPED {test}: `{name}` is not on PATH\n");
    let _ = io::stderr().write_all(line.as_bytes());
}

fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

#[cfg(test)]
mod tests;
