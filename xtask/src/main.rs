//! What is more than one cargo call. In: `cargo xtask COMMAND …`. Out: the output of what it runs,
//! and an exit code: 0 all went well, 1 something failed, 2 it was called in a way it does not know.
//! It depends on nothing but the standard library, so that it is there before anything else builds.
//!
//! Next: `test.rs` for what CI runs, `runs.rs` for the commands that take hours.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal, without a library around it"
)]

mod command;
mod instructions;
mod javascript;
mod minimum;
mod node;
mod problem;
mod runs;
mod size;
mod soak;
mod step;
mod test;
mod tools;
mod weight;

use problem::Problem;
use std::env;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  test [STEP]…            what must hold before a change lands; all steps, or those named
  test --list             the steps by name
  soak [NAME]…            the same properties for longer; all of them, or those named
  bench NAME [ARGUMENT]…  measurements
  fuzz NAME [ARGUMENT]…   coverage-guided fuzzing of one target
  instructions [--record] counts instructions as the step of that name does; --record keeps the counts
  mutants [ARGUMENT]…     whether tests notice each mutation of the state machine's and decoder's core
  tools                   finds the programs that tests need, and installs them where it can
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test", "--list"] => test::list(),
        ["test", steps @ ..] => test::run(steps),
        ["soak", names @ ..] => soak::run(names),
        ["bench", "weight", rest @ ..] => weight::run(rest),
        ["bench", "node", rest @ ..] => node::bench(rest),
        ["bench", name, rest @ ..] => runs::bench(name, rest),
        ["fuzz", name, rest @ ..] => runs::fuzz(name, rest),
        ["instructions", rest @ ..] => instructions::run(rest),
        ["mutants", rest @ ..] => runs::mutants(rest),
        ["tools"] => tools::run(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}{}", runs::tables());
            return ExitCode::SUCCESS;
        }
        _ => Err(Problem::Usage(format!(
            "unknown command: {:?}",
            words.join(" ")
        ))),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(Problem::Usage(what)) => {
            eprint!("{what}\n\n{USAGE}{}", runs::tables());
            ExitCode::from(2)
        }
        Err(Problem::Failed(what)) => {
            eprintln!("xtask: {what}");
            ExitCode::FAILURE
        }
    }
}
