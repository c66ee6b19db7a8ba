//! What must hold before a change lands. In: nothing, or the names of some steps. Out: their
//! output, and the closing line of `step.rs`.
//!
//! Next: `tools.rs`, the first step.

use crate::command::{ALL_TARGETS, built_test, cargo, is_ci, succeeds, target, tests_pass};
use crate::instructions;
use crate::javascript;
use crate::minimum;
use crate::node;
use crate::problem::Problem;
use crate::size;
use crate::step::{Step, Verdict, run_all};
use crate::tools;
use std::process::Command;

const STEPS: &[Step] = &[
    Step {
        name: "tools",
        about: "the programs that tests need are there",
        run: tools::verdict,
    },
    Step {
        name: "fmt",
        about: "the code is formatted",
        run: || succeeds(&mut cargo(["fmt", "--all", "--check"])).into(),
    },
    Step {
        name: "clippy",
        about: "no lint has anything to say",
        run: || {
            succeeds(&mut cargo(
                "clippy --workspace --all-targets -- -D warnings".split(' '),
            ))
            .into()
        },
    },
    Step {
        name: "docs",
        about: "the documentation builds and its links lead somewhere",
        run: || {
            let mut docs = cargo(["doc", "--workspace", "--no-deps"]);
            succeeds(docs.env("RUSTDOCFLAGS", "-D warnings")).into()
        },
    },
    Step {
        name: "no-std",
        about: "proto works in a program without the standard library",
        // With optimisation: see its manifest.
        run: || {
            let run = "run --release --locked --manifest-path crates/proto/no-std/Cargo.toml";
            succeeds(&mut cargo(run.split(' '))).into()
        },
    },
    Step {
        name: "features",
        about: "the client builds with each of its features alone, and works without its transport; the hub over NATS",
        run: || features().into(),
    },
    Step {
        name: "minimum",
        about: "it builds with the oldest Rust it names, where that is here",
        run: minimum::verdict,
    },
    Step {
        name: "rust",
        about: "unit and integration tests",
        run: || {
            let tests = format!("test {ALL_TARGETS}");
            passes(&mut cargo(tests.split(' '))).into()
        },
    },
    Step {
        name: "wild",
        about: "clients and servers that others wrote, in Python and Node, with ours",
        run: || {
            let wild = built_test("crates/e2e", "wild");
            wild.and_then(|mut wild| passes(&mut wild)).into()
        },
    },
    Step {
        name: "examples",
        about: "every example in the documentation runs",
        run: || passes(&mut cargo(["test", "--workspace", "--doc"])).into(),
    },
    Step {
        name: "instructions",
        about: "decoder, encoder, machine and log need no more instructions than on record",
        run: instructions::verdict,
    },
    Step {
        name: "size",
        about: "the release program is no larger than it may be",
        run: size::verdict,
    },
    Step {
        name: "report",
        about: "comparison.md, proxies.md and in-the-wild.md in docs are what the records say",
        run: || {
            let tests = "test --locked --manifest-path bench/Cargo.toml -p wellspring-report";
            passes(&mut cargo(tests.split(' '))).into()
        },
    },
    Step {
        name: "seeds",
        about: "what the fuzzers have found stays found",
        run: || {
            let tests = "test --locked --manifest-path fuzz/Cargo.toml";
            passes(cargo(tests.split(' ')).env("CARGO_TARGET_DIR", target())).into()
        },
    },
    Step {
        name: "node",
        about: "the package for Node, on Node 20, 22 and 24",
        run: node::verdict,
    },
    Step {
        name: "javascript",
        about: "browsers and Node against the program",
        run: javascript,
    },
];

/// Run in CI and when asked for by name: from nothing, a release build takes longer than most steps.
const COSTLY: &[&str] = &["size"];

/// `cargo xtask test --list`.
pub(crate) fn list() -> Result<bool, Problem> {
    for step in STEPS {
        println!("{:12} {}", step.name, step.about);
    }
    Ok(true)
}

/// `cargo xtask test [STEP]…`.
pub(crate) fn run(names: &[&str]) -> Result<bool, Problem> {
    let unknown = names
        .iter()
        .find(|name| !STEPS.iter().any(|step| step.name == **name));
    if let Some(name) = unknown {
        return Err(Problem::Usage(format!("unknown step: {name:?}")));
    }
    let wanted = |step: &&Step| match names {
        [] => is_ci() || !COSTLY.contains(&step.name),
        names => names.contains(&step.name),
    };
    if names.is_empty() && !is_ci() {
        println!("Not run here, but in CI and by name: {}", COSTLY.join(", "));
    }
    Ok(run_all(STEPS.iter().filter(wanted)))
}

/// Features of the client that stand alone, and none.
const ALONE: &[&str] = &[
    "",
    "http-transport",
    "ring",
    "gzip",
    "br",
    "cookies",
    "file-store",
    "json",
    "tower",
    "tracing",
];

fn features() -> Result<(), String> {
    for feature in ALONE {
        let clippy = "clippy -p wellspring --lib --no-deps --no-default-features --features";
        let mut clippy = cargo(clippy.split(' '));
        succeeds(clippy.args([feature, "--", "-D", "warnings"]))
            .map_err(|why| format!("with the feature {feature:?} alone: {why}"))?;
    }
    let tests =
        "test -p wellspring --no-default-features --features tower --test without_transport";
    passes(&mut cargo(tests.split(' ')))?;
    // Not in the default build of the program.
    let clippy = "clippy -p wellspring-cli --features nats --all-targets -- -D warnings";
    succeeds(&mut cargo(clippy.split(' ')))?;
    let tests = "test -p wellspring-cli --features nats --test program hub_engine_nats";
    passes(&mut cargo(tests.split(' ')))
}

fn passes(tests: &mut Command) -> Result<(), String> {
    tests_pass(tests).map(drop)
}

fn javascript() -> Verdict {
    match javascript::tests(&[]) {
        Ok(mut tests) => passes(&mut tests).into(),
        Err(verdict) => verdict,
    }
}
