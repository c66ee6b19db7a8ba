//! The tests that are written in JavaScript. In: files, or none for all of them. Out: a command that runs them, once the
//! programs they need are built and their packages installed.
//!
//! Next: `tests-js/`.

use crate::command::{ALL_TARGETS, built_program, cargo, is_ci, program, root, succeeds};
use crate::step::Verdict;
use crate::tools;
use std::path::PathBuf;
use std::process::Command;

/// The folder of the tests.
const FOLDER: &str = "tests-js";

/// What runs these files.
pub(crate) fn tests(files: &[&str]) -> Result<Command, Verdict> {
    let needed = ["node", "npm", "chromium", "firefox"];
    let found: Vec<Option<PathBuf>> = needed.iter().map(|name| tools::find(name)).collect();
    let [Some(node), Some(npm), Some(chromium), Some(firefox)] = found.as_slice() else {
        let why = format!("it takes {}", needed.join(", "));
        return Err(if is_ci() {
            Verdict::Failed(why)
        } else {
            Verdict::Skipped(why)
        });
    };
    let folder = root().join(FOLDER);
    prepare(npm).map_err(Verdict::Failed)?;
    let mut tests = program(node);
    tests.args(["--test", "--test-reporter=tap", "--test-concurrency=1"]);
    tests.args(files).current_dir(&folder);
    tests.env("CHROMIUM", chromium).env("FIREFOX", firefox);
    tests.env("WELLSPRING", built_program("wellspring"));
    tests.env("GENERATED_STREAMS", built_program("generated-streams"));
    Ok(tests)
}

fn prepare(npm: &PathBuf) -> Result<(), String> {
    let programs = format!("test --no-run {ALL_TARGETS}");
    succeeds(&mut cargo(programs.split(' ')))?;
    let mut install = program(npm);
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    succeeds(install.args(arguments).current_dir(root().join(FOLDER)))
}
