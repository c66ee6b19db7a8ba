//! In: how many sources at once, and of whom. Out: what an idle source costs in memory, and how long after a server's
//! write its event is with the program.
//!
//! Next: `sources/server.rs` (who sends), `sources/engines.rs` (who receives), `sources/idle.rs` and
//! `sources/latency.rs` (the methods).

mod engines;
pub(crate) mod idle;
pub(crate) mod latency;
mod server;

use self::engines::{ALL, Engine};
use std::process::Command;
use std::time::Duration;
use wellspring_report::chart::Role;

/// The engines with these names, or all.
fn chosen(names: &[String]) -> Vec<Engine> {
    let wanted = |engine: &Engine| names.is_empty() || names.iter().any(|name| name == engine.name);
    ALL.into_iter().filter(wanted).collect()
}

/// The engine of this name.
fn named(name: &str) -> Result<Engine, String> {
    let engine = ALL.into_iter().find(|engine| engine.name == name);
    engine.ok_or_else(|| format!("no such client: {name:?}"))
}

/// Runs an engine in a process of its own, and reads the figures that it prints.
fn figures(command: &str, engine: Engine, arguments: &[String]) -> Result<Vec<f64>, String> {
    let program = std::env::current_exe().map_err(text)?;
    let output = Command::new(program)
        .args([command, "--child", engine.name])
        .args(arguments)
        .output()
        .map_err(text)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let figures: Result<Vec<f64>, _> = said.split_whitespace().map(str::parse).collect();
    match figures {
        Ok(figures) if !figures.is_empty() => Ok(figures),
        _ => {
            let complaint = String::from_utf8_lossy(&output.stderr);
            Err(format!("{}: {said}{complaint}", engine.name))
        }
    }
}

/// What an engine is on a chart.
fn role(engine: Engine) -> Role {
    if engine.ours { Role::Ours } else { Role::Peer }
}

/// A number on the monotonic clock, which is the same in all processes of a machine.
fn now() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    let nanos = u32::try_from(now.tv_nsec).unwrap_or(0);
    Duration::new(seconds, nanos)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
