//! The program that libFuzzer drives. In: nothing. Out: its path, once it is built with the counters
//! that libFuzzer reads. The flags are those of `cargo fuzz`, but for the sanitizers, which need a
//! nightly compiler and have little to find where `unsafe` is forbidden.
//!
//! Next: `search.rs`.

use crate::here;
use std::path::PathBuf;
use std::process::Command;

const FLAGS: &str = "\
    -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 \
    --cfg fuzzing";

/// Builds it, if it is not there yet.
pub(crate) fn libfuzzer() -> Result<PathBuf, String> {
    let folder = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => here("target"),
    };
    let folder = folder.join("libfuzzer");
    let host = host()?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args("build --release --locked --features libfuzzer --bin libfuzzer".split(' '));
    // With a target named, build scripts and macros go without the counters.
    cargo.args(["--target", &host]).arg("--target-dir");
    cargo
        .arg(&folder)
        .arg("--manifest-path")
        .arg(here("Cargo.toml"));
    cargo.env("RUSTFLAGS", FLAGS);
    let status = cargo
        .status()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !status.success() {
        return Err("the program for libFuzzer does not build".to_owned());
    }
    Ok(folder.join(host).join("release").join("libfuzzer"))
}

fn host() -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    let output = Command::new(rustc).arg("-vV").output();
    let output = output.map_err(|error| format!("cannot run rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc names no host".to_owned())
}
