//! The package for Node. In: `crates/node`, a workspace of its own, which npm builds and tests. Out: what
//! cargo has to say of its Rust; its tests on each Node that npm brings; its measurements, and a soak of it.
//!
//! Next: `../../crates/node/scripts/test.js`, `../../crates/node/bench/bench.js`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{
    ALL_TARGETS, built_program, cargo, is_ci, program, root, shown_output, succeeds, target,
    tests_pass,
};
use crate::problem::Problem;
use crate::step::Verdict;
use crate::tools;
use xtask::Machine;

/// Major versions that `npm ci` in `crates/node/test` brings.
const VERSIONS: [&str; 3] = ["20", "22", "24"];

/// The programs it takes beside Rust.
struct Programs {
    node: PathBuf,
    npm: PathBuf,
}

impl Programs {
    fn find() -> Result<Self, String> {
        let found = (tools::find("node"), tools::find("npm"));
        let (Some(node), Some(npm)) = found else {
            return Err("it takes node and npm; see `cargo xtask tools`".to_owned());
        };
        Ok(Self { node, npm })
    }

    /// Installs what the lock file of a folder names, unless that has been done.
    fn install(&self, folder: &str) -> Result<(), String> {
        let folder = package().join(folder);
        if is_installed(&folder) {
            return Ok(());
        }
        println!("━━ npm ci in {}", folder.display());
        let mut install = program(&self.npm);
        install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        succeeds(install.current_dir(&folder))
    }

    fn build(&self) -> Result<(), String> {
        println!("━━ npm run build");
        let mut build = program(&self.npm);
        succeeds(build.args(["run", "build"]).current_dir(package()))
    }

    fn test(&self) -> Result<(), String> {
        // Its hub is read.
        let programs = format!("test --no-run {ALL_TARGETS}");
        succeeds(&mut cargo(programs.split(' ')))?;
        println!("━━ npm test");
        let mut tests = program(&self.npm);
        tests.arg("test").current_dir(package());
        tests.env("WELLSPRING", built_program("wellspring"));
        tests_pass(&mut tests).map(drop)
    }
}

/// `cargo xtask test node`.
pub(crate) fn verdict() -> Verdict {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) if is_ci() => return Verdict::Failed(why),
        Err(why) => return Verdict::Skipped(why),
    };
    let tested = rust()
        .and_then(|()| programs.install("test"))
        .and_then(|()| programs.build())
        .and_then(|()| programs.test());
    tested.into()
}

/// The binding, which no step of the workspace sees.
fn rust() -> Result<(), String> {
    let manifest = "--manifest-path=crates/node/Cargo.toml";
    succeeds(&mut cargo(["fmt", manifest, "--check"]))?;
    let mut clippy = cargo(["clippy", manifest, "--locked", "--all-targets"]);
    clippy.env("CARGO_TARGET_DIR", target());
    succeeds(clippy.args(["--", "-D", "warnings"]))?;
    let mut tests = cargo(["test", manifest, "--locked"]);
    tests_pass(tests.env("CARGO_TARGET_DIR", target())).map(drop)
}

/// `cargo xtask bench node [--record] [ARGUMENT]…`, on each Node. False when a bar is missed.
pub(crate) fn bench(arguments: &[&str]) -> Result<bool, Problem> {
    let rest: Vec<_> = arguments
        .iter()
        .filter(|word| **word != "--record")
        .collect();
    let (tables, held) = tables(&rest).map_err(Problem::Failed)?;
    if rest.len() < arguments.len() {
        record(&tables).map_err(Problem::Failed)?;
    }
    Ok(held)
}

/// What `bench.js` prints on each Node, and whether all its bars are held.
fn tables(arguments: &[&&str]) -> Result<(String, bool), String> {
    let programs = Programs::find()?;
    programs.install("test")?;
    programs.install("bench")?;
    programs.build()?;
    let mut tables = String::new();
    let mut held = true;
    for version in VERSIONS {
        println!("━━ Node {version}");
        let mut bench = program(brought(version));
        bench.arg("bench.js").args(arguments);
        let (table, success) = shown_output(bench.current_dir(package().join("bench")))?;
        if table.is_empty() {
            return Err(format!("the bench has measured nothing on Node {version}"));
        }
        held &= success;
        let _ = write!(tables, "\n## Node {version}\n{table}");
    }
    Ok((tables, held))
}

/// The test that a soak runs for longer, on each Node, ready to be run.
pub(crate) fn soak(test: &str) -> Result<Command, String> {
    let programs = Programs::find()?;
    programs.install("test")?;
    programs.build()?;
    let mut tests = program(&programs.node);
    tests.args(["scripts/test.js", test]);
    tests.current_dir(package());
    Ok(tests)
}

fn record(tables: &str) -> Result<(), String> {
    let machine = Machine::look();
    let text = format!(
        "# Node, {}\n\n{}\
         - one raw server for all clients, loopback, the clients taking turns; the median of the rounds\n\
         - again: `cargo xtask bench node --record`\n{tables}",
        machine.date,
        machine.list("release")
    );
    let path = machine.record("node");
    fs::write(&path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    println!("recorded in {}", path.display());
    Ok(())
}

fn package() -> PathBuf {
    root().join("crates/node")
}

fn brought(version: &str) -> PathBuf {
    package().join(format!("test/node_modules/node-{version}/bin/node"))
}

/// Whether npm has been here since the lock file was last changed.
fn is_installed(folder: &Path) -> bool {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|data| data.modified());
    match (
        changed("node_modules/.package-lock.json"),
        changed("package-lock.json"),
    ) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}
