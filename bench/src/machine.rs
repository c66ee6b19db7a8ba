//! In: the lock file. Out: the versions of what is measured against; the rest of what a figure has to be read with
//! is `xtask`'s to say.
//!
//! Next: `decode/report.rs`, which writes it above its tables.

pub(crate) use xtask::Machine;

/// How the programs of this workspace are built.
pub(crate) const BUILD: &str = "release, thin LTO, one codegen unit, no target-cpu";

/// The version of a package in this workspace's lock file.
pub(crate) fn version(package: &str) -> Option<&'static str> {
    let lock = include_str!("../Cargo.lock");
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests;
