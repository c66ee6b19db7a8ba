//! Commands that take minutes or hours. In: a name out of a table, and arguments to hand on. Out:
//! what the command prints.
//!
//! Next: `soak.rs`; `bench/` and `fuzz/`, workspaces of their own.

use crate::command::{cargo, root, succeeds};
use crate::problem::Problem;
use crate::soak;
use std::fmt::Write;

/// Names that `bench/` knows, and those of `weight.rs` and `node.rs`; what each measures.
const BENCHES: &[(&str, &str)] = &[
    ("client", "clients beside their peers, CPU for each event"),
    ("decode", "the decoder beside its peers, corpus by corpus"),
    (
        "hub",
        "the hub on one node: memory, delivery, matching, durable, history, program; --part NAME, --record",
    ),
    ("idle", "memory of sources that have nothing to do"),
    ("latency", "from a server's write to the program's handler"),
    (
        "report",
        "docs/comparison.md, proxies.md and in-the-wild.md out of the newest records; also --report; --check writes nothing",
    ),
    (
        "serve",
        "the server beside its peers, by number of subscribers",
    ),
    (
        "profile",
        "flame graphs of decode, client, serve, all or those named; --record; takes perf",
    ),
    (
        "weight",
        "crates and build time of a dependency on the client; --count, --record",
    ),
    (
        "node",
        "the package for Node beside undici and npm eventsource; --record, --events N, --rounds N",
    ),
];

/// Targets of `fuzz/`.
const FUZZ: &[(&str, &str)] = &[
    (
        "--seeds",
        "every seed in git, once; any target takes --seconds N",
    ),
    (
        "--keep",
        "NAME: a small part of that target's corpus becomes seeds",
    ),
    (
        "all",
        "one target after another, --seconds N each; --record adds up hours and coverage",
    ),
    (
        "decoder",
        "the decoder against the naive one, limits counted",
    ),
    ("splits", "chunks and outlets that must make no difference"),
    ("peer", "the decoder against sse-core"),
    (
        "encoder",
        "a block is refused, or decodes to what it was made of",
    ),
    (
        "machine",
        "stimuli in any order against a model of the event source",
    ),
    (
        "matcher",
        "an index of topic selectors against each of them by itself",
    ),
    (
        "token",
        "tokens against the secret that they must be signed with",
    ),
    (
        "hub",
        "forms, queries and last event IDs against what a hub may answer",
    ),
    ("cursor", "texts against the one form that a cursor has"),
    ("record", "stored records against a naive reading of them"),
    ("log", "a channel against a vector of events"),
    (
        "response",
        "heads of responses and redirects against the rules of Fetch",
    ),
];

/// What the usage says of each table.
pub(crate) fn tables() -> String {
    let soaks = soak::names();
    let mut text = String::new();
    for (title, rows) in [
        ("soak", soaks.as_slice()),
        ("bench", BENCHES),
        ("fuzz", FUZZ),
    ] {
        for (name, about) in rows {
            let _ = writeln!(text, "  {:23} {about}", format!("{title} {name}"));
        }
    }
    format!("\nKnown names:\n{text}")
}

/// `cargo xtask bench NAME [ARGUMENT]…`.
pub(crate) fn bench(name: &str, rest: &[&str]) -> Result<bool, Problem> {
    let name = if name == "--report" { "report" } else { name };
    known("bench", name, BENCHES)?;
    if name == "report" {
        return report(rest);
    }
    in_workspace("bench", name, rest)
}

/// `cargo xtask bench --report [--check]`: a package of its own, which needs none of the peers.
fn report(rest: &[&str]) -> Result<bool, Problem> {
    let run = "run --locked --manifest-path bench/Cargo.toml -p wellspring-report --";
    let mut run = cargo(run.split(' '));
    succeeds(run.args(rest)).map_err(Problem::Failed)?;
    Ok(true)
}

/// `cargo xtask fuzz NAME [ARGUMENT]…`.
pub(crate) fn fuzz(name: &str, rest: &[&str]) -> Result<bool, Problem> {
    known("fuzz", name, FUZZ)?;
    in_workspace("fuzz", name, rest)
}

/// Files whose every mutation must be noticed by a test of proto.
const MUTATED: &[&str] = &[
    "crates/proto/src/event_stream/interpret.rs",
    "crates/proto/src/event_source/machine.rs",
];

/// `cargo xtask mutants [ARGUMENT]…`. `docs/mutants.md` says what survives, and why.
pub(crate) fn mutants(rest: &[&str]) -> Result<bool, Problem> {
    let mut mutants = cargo(["mutants", "-p", "wellspring-proto", "--timeout", "120"]);
    for file in MUTATED {
        mutants.args(["-f", file]);
    }
    mutants.args(rest).args(["--", "--lib", "--tests"]);
    // Enough streams to notice a wrong decoder, over and over.
    mutants.env("WELLSPRING_STREAMS", "2000");
    let installed = "it takes cargo-mutants: cargo install cargo-mutants --locked";
    succeeds(&mut mutants).map_err(|why| Problem::Failed(format!("{why} ({installed})")))?;
    Ok(true)
}

fn known(what: &str, name: &str, table: &[(&str, &str)]) -> Result<(), Problem> {
    if table.iter().any(|(known, _)| *known == name) {
        return Ok(());
    }
    Err(Problem::Usage(format!("unknown {what}: {name:?}")))
}

/// Runs the one program of a workspace of its own.
fn in_workspace(folder: &str, name: &str, rest: &[&str]) -> Result<bool, Problem> {
    let manifest = root().join(folder).join("Cargo.toml");
    let mut run = cargo(["run", "--release", "--locked", "--manifest-path"]);
    run.arg(manifest).args(["--", name]).args(rest);
    succeeds(&mut run).map_err(Problem::Failed)?;
    Ok(true)
}
