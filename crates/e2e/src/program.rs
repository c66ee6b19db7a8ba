//! The program `wellspring`. In: nothing. Out: its path, of a program that is up to date.
//!
//! Next: `children.rs` runs it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The program that `WELLSPRING` names, else the one of this workspace, built if need be with the
/// profile of the test that asks.
///
/// # Errors
/// It cannot be built; the text says why.
pub fn wellspring() -> Result<PathBuf, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if let Some(program) = env::var_os("WELLSPRING") {
        return Ok(program.into());
    }
    BUILT.get_or_init(build).clone()
}

fn build() -> Result<PathBuf, String> {
    let test = env::current_exe().map_err(|error| error.to_string())?;
    let folder = profile_folder(&test).ok_or("a test is not where cargo puts tests")?;
    let (target, profile) = (folder.parent(), folder.file_name());
    let (Some(target), Some(profile)) = (target, profile) else {
        return Err("a test is not where cargo puts tests".to_owned());
    };
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "-q", "-p", "wellspring-cli", "--target-dir"]);
    cargo.arg(target).arg("--profile");
    if profile == "debug" {
        cargo.arg("dev");
    } else {
        cargo.arg(profile);
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    cargo.arg("--manifest-path").arg(manifest);
    let status = cargo.status().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!("building wellspring-cli ended with {status}"));
    }
    let name = format!("wellspring{}", env::consts::EXE_SUFFIX);
    Ok(folder.join(name))
}

/// `target/debug` of `target/debug/deps/test`.
fn profile_folder(test: &Path) -> Option<PathBuf> {
    let folder = test.parent()?;
    let is_deps = folder.file_name()? == "deps";
    let folder = if is_deps { folder.parent()? } else { folder };
    Some(folder.to_path_buf())
}
