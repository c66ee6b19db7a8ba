//! `wellspring load`. In: a URL, and what traffic to make. Out: what the server lost, doubled, sent out
//! of order or to the wrong subscriber; how fast it was; and an exit code by that.
//!
//! Next: `load/plan.rs` makes sense of the arguments, `load/stage.rs` carries it out, `load/witness.rs`
//! judges, `load/report.rs` prints.

mod account;
mod connections;
mod coverage;
mod cut;
mod cutter;
mod files;
mod findings;
mod latency;
mod ledger;
mod line;
mod listener;
mod mark;
mod plan;
mod process;
mod progress;
mod publisher;
mod publishing;
mod report;
mod rights;
mod run;
mod selectors;
mod stage;
mod stream;
mod subscriber;
mod tally;
mod token;
mod witness;
