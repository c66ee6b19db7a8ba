//! What measurements share. In: nothing. Out: [`Machine`], to read a figure with, and what other processes took.
//!
//! Next: `machine.rs`, `cpu.rs`; `main.rs` for the commands.

mod cpu;
mod machine;

pub use cpu::children_cpu;
pub use machine::Machine;
