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
use std::time::Duration;

/// The engines with these names, or all.
fn chosen(names: &[String]) -> Vec<Engine> {
    let wanted = |engine: &Engine| names.is_empty() || names.iter().any(|name| name == engine.name);
    ALL.into_iter().filter(wanted).collect()
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
