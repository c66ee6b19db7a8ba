//! The program `wellspring`. In: a command line. Out: events, as text or JSON lines, and an exit code.
//!
//! Next: `args.rs` for what can be asked, then `tail.rs`, `check.rs`, `load.rs`, `serve.rs`, `hub.rs`,
//! `decode.rs` and `demo.rs` for the answers.

mod args;
mod body;
mod check;
mod decode;
mod demo;
mod exit;
mod follow;
mod hangup;
mod hub;
mod interrupt;
mod json;
mod load;
mod looks;
mod manual;
mod note;
mod output;
mod paint;
mod plain;
mod reach;
mod refusal;
mod runtime;
mod secrets;
mod serve;
mod tail;
mod text;
mod web;
mod words;

use std::process::ExitCode;

use args::{Args, Command};

fn main() -> ExitCode {
    let done = match Args::parse_or_exit().command {
        Command::Demo(args) => demo::run(&args),
        Command::Tail(args) => tail::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Load(args) => load::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Hub(args) => hub::run(*args),
        Command::Decode(args) => decode::run(&args),
        Command::Completions(args) => manual::completions(args.shell),
        Command::Man(args) => manual::page(args.command.as_deref()),
    };
    exit::report(done)
}
