//! The gates on instruction counts. In: the programs of `bench/instructions`, run under valgrind. Out: each row's
//! count beside the one of record, and a failure that names the rows that need over 2 % more.
//!
//! Counts are compared only where they must be equal: with the same compiler, the same abilities of the
//! processor as valgrind shows it, and the same C library. Somewhere new, the counts go on record and are said;
//! in CI they are only said.
//!
//! Next: `instructions/counts.rs`, the file; `bench/instructions/src/main.rs`, what is counted.

mod counts;

use crate::command::{cargo, is_ci, output, program, root, succeeds};
use crate::problem::Problem;
use crate::step::Verdict;
use crate::tools;
use counts::{Counts, Record};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const RECORD: &str = "bench/record/instructions.md";

/// The one function that is counted, as valgrind knows it.
const MEASURED: &str = "--toggle-collect=wellspring_instructions::measured*";

/// `cargo xtask instructions [--record]`.
pub(crate) fn run(arguments: &[&str]) -> Result<bool, Problem> {
    let replace = match arguments {
        [] => false,
        ["--record"] => true,
        _ => return Err(Problem::Usage(format!("unknown: {arguments:?}"))),
    };
    match measure_and_compare(replace) {
        Verdict::Passed => Ok(true),
        Verdict::Failed(why) | Verdict::Skipped(why) => Err(Problem::Failed(why)),
    }
}

/// The step of `cargo xtask test`.
pub(crate) fn verdict() -> Verdict {
    measure_and_compare(false)
}

fn measure_and_compare(replace: bool) -> Verdict {
    let Some(valgrind) = tools::find("valgrind") else {
        let why = "it takes valgrind".to_owned();
        return if is_ci() {
            Verdict::Failed(why)
        } else {
            Verdict::Skipped(why)
        };
    };
    let compared = measure(&valgrind).and_then(|(key, counts)| compare(&key, &counts, replace));
    compared.into()
}

fn compare(key: &str, counts: &Counts, replace: bool) -> Result<(), String> {
    let path = root().join(RECORD);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let mut record = Record::read(&text);
    let known = record.of(key).cloned().unwrap_or_default();
    let comparison = counts.beside(&known);
    println!("{key}\n{}", comparison.table);
    if !comparison.over.is_empty() && !replace {
        return Err(format!(
            "more instructions than on record: {}. If they are worth it: cargo xtask instructions --record",
            comparison.over.join(", ")
        ));
    }
    let (new, keep) = (comparison.new, !is_ci() || replace);
    if known.is_empty() {
        println!("This compiler and processor are new here.");
    }
    if replace || (new && keep) {
        record.set(key, counts);
        println!("On record now, in {RECORD}.");
        return fs::write(&path, record.text()).map_err(|error| format!("{RECORD}: {error}"));
    }
    Ok(())
}

/// What the counts depend on, and the counts.
fn measure(valgrind: &Path) -> Result<(String, Counts), String> {
    let program = build()?;
    let mut listed = Command::new(valgrind);
    listed.args(["--tool=none", "-q"]).arg(&program);
    let listed = output(&mut listed)?.0;
    let lines = |prefix: &'static str| {
        listed
            .lines()
            .filter_map(move |line| line.strip_prefix(prefix))
    };
    let cpu = lines("cpu ")
        .next()
        .ok_or("the program names no processor")?;
    let mut counts = Counts::default();
    for row in lines("row ") {
        counts.push(row, count(valgrind, &program, row)?);
    }
    Ok((format!("{}; {cpu}; {}", compiler()?, c_library()), counts))
}

fn build() -> Result<PathBuf, String> {
    let manifest = "bench/instructions/Cargo.toml";
    succeeds(&mut cargo([
        "build",
        "--release",
        "--locked",
        "-q",
        "--manifest-path",
        manifest,
    ]))?;
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("bench/target"), PathBuf::from);
    Ok(root().join(target).join("release/wellspring-instructions"))
}

fn count(valgrind: &Path, program: &Path, row: &str) -> Result<u64, String> {
    let mut counted = Command::new(valgrind);
    counted.args([
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        MEASURED,
    ]);
    let said = output(counted.arg(program).arg(row))?.1;
    let collected = said.lines().find_map(|line| line.split_once("Collected :"));
    let number = collected.and_then(|(_, number)| number.trim().parse().ok());
    match number {
        Some(number) if number > 0 => Ok(number),
        _ => Err(format!("valgrind counted nothing for {row}:\n{said}")),
    }
}

fn compiler() -> Result<String, String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Ok(output(program(rustc).arg("--version"))?.0.trim().to_owned())
}

/// Its string functions are chosen by the processor too.
fn c_library() -> String {
    let version = output(program("getconf").arg("GNU_LIBC_VERSION"));
    version.map_or_else(
        |_| "another C library".to_owned(),
        |(text, _)| text.trim().to_owned(),
    )
}
