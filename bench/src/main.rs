//! In: the name of a benchmark. Out: its tables. Exit code 0 when every bar that must be reached is, 1 when one
//! is not or something went wrong, 2 for usage.
//!
//! Next: `decode.rs`, `client.rs`, `sources.rs`, `serve.rs`, `hub.rs`, `profile.rs`; `report/`, which makes a page of the records.

mod client;
mod decode;
#[cfg(target_os = "linux")]
mod hub;
mod machine;
mod median;
#[cfg(target_os = "linux")]
mod profile;
mod record;
#[cfg(target_os = "linux")]
mod serve;
mod sources;

use clap::Parser;
use std::process::ExitCode;

/// What we claim about speed, measured beside the peers.
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
enum Command {
    Client(client::Arguments),
    Decode(decode::Arguments),
    #[cfg(target_os = "linux")]
    Hub(hub::Arguments),
    Idle(sources::idle::Arguments),
    Latency(sources::latency::Arguments),
    #[cfg(target_os = "linux")]
    Profile(profile::Arguments),
    #[cfg(target_os = "linux")]
    Serve(serve::Arguments),
}

fn main() -> ExitCode {
    let reached = match Command::parse() {
        Command::Client(arguments) => client::main(&arguments),
        Command::Decode(arguments) => decode::main(&arguments),
        #[cfg(target_os = "linux")]
        Command::Hub(arguments) => hub::main(&arguments),
        Command::Idle(arguments) => sources::idle::main(&arguments),
        Command::Latency(arguments) => sources::latency::main(&arguments),
        #[cfg(target_os = "linux")]
        Command::Profile(arguments) => profile::main(&arguments),
        #[cfg(target_os = "linux")]
        Command::Serve(arguments) => serve::main(&arguments),
    };
    match reached {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
