//! In: `bench/record/` and `fuzz/record.md`. Out: the figures of `docs/comparison.md`, and a plot for each chart in
//! `docs/comparison/`. Nothing in there is typed by hand; a figure is changed by running its benchmark with `--record`.
//!
//! Next: `page.rs` puts it together out of `section.rs`, `lost.rs`, `node.rs` and `soaks.rs`; `chart.rs` is what
//! benchmarks write and the page draws. `wild.rs` makes two pages more.

pub mod chart;
mod lost;
mod node;
pub mod page;
mod record;
mod section;
mod soaks;
#[cfg(test)]
mod tests;
pub mod wild;
