//! What measurements share. In: nothing. Out: [`Machine`], to read a figure with.
//!
//! Next: `machine.rs`; `main.rs` for the commands.

mod machine;

pub use machine::Machine;
