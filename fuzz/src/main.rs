//! In: the name of a target, or what to do with the seeds. Out: what libFuzzer says, a row for the
//! record, and exit code 0 when nothing was found, 1 when something was, 2 for usage.
//!
//! Next: `main/build.rs` builds the program that libFuzzer drives, `main/search.rs` runs it,
//! `main/record.rs` adds up what it found, `main/seeds.rs` keeps the seeds.

#[path = "main/build.rs"]
mod build;
#[path = "main/record.rs"]
mod record;
#[path = "main/search.rs"]
mod search;
#[path = "main/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wellspring_fuzz::{TARGETS, Target, target};

const USAGE: &str = "\
Usage: fuzz NAME [--seconds N] [--record]  searches for N seconds, 600 unless said otherwise;
                                           --record adds a row to record.md, and adds it up
       fuzz all [--seconds N] [--record]   the same with one target after another
       fuzz NAME FILE...                   runs these inputs, under a debugger if you like
       fuzz --seeds                        runs every seed once, as `cargo test` does
       fuzz --vectors                      writes the test kit's vectors as seeds
       fuzz --keep NAME                    keeps a small part of the corpus as seeds

Names:
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["--seeds"] => seeds::run_all(),
        ["--vectors"] => seeds::write_vectors(),
        ["all", rest @ ..] => search_all(rest),
        ["--keep", name] => match target(name) {
            Some(target) => seeds::keep(target),
            None => return usage(),
        },
        [name, rest @ ..] => match target(name) {
            Some(target) => search_or_replay(target, rest),
            None => return usage(),
        },
        [] => return usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("fuzz: {why}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprint!("{USAGE}");
    for target in TARGETS {
        eprintln!("  {:10} {}", target.name, target.about);
    }
    ExitCode::from(2)
}

/// Every target, also after one that has found something.
fn search_all(arguments: &[&str]) -> Result<(), String> {
    let mut found = Vec::new();
    for target in TARGETS {
        if let Err(why) = search_or_replay(target, arguments) {
            found.push(format!("{}: {why}", target.name));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(found.join("\n"))
}

fn search_or_replay(target: &Target, arguments: &[&str]) -> Result<(), String> {
    let mut seconds = 600;
    let mut record = false;
    let mut files = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--seconds" => {
                let number = rest.next().and_then(|number| number.parse().ok());
                seconds = number.ok_or("--seconds takes a number")?;
            }
            "--record" => record = true,
            file => files.push(PathBuf::from(file)),
        }
    }
    if files.is_empty() {
        return search::run(target, seconds, record);
    }
    files.iter().try_for_each(|file| seeds::run(target, file))
}

/// A place in this workspace.
fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
