//! Properties for longer. In: names out of a table. Out: what the tests print, and a record of the figures they
//! found, by date and machine. What runs are tests of the crates, each of which reads a variable that says how
//! much; a line that begins with `figures: ` is what it has to show.
//!
//! Next: `soak/record.rs`.

mod record;

use crate::command::{built_test, cargo, tests_pass};
use crate::javascript;
use crate::node;
use crate::problem::Problem;
use crate::step::Verdict;
use crate::tools;
use std::env;
use std::process::Command;
use std::time::Instant;

/// A test that does more when a variable says so.
struct Soak {
    name: &'static str,
    about: &'static str,
    runner: Runner,
    /// The variable, and how much is enough for a soak.
    amount: (&'static str, &'static str),
}

enum Runner {
    /// The package, and its test of this name: the file or folder in `tests/`.
    Rust(&'static str, &'static str),
    /// The file in `tests-js/`.
    JavaScript(&'static str),
    /// The file in `crates/node`.
    Node(&'static str),
    /// The wide set of the test `wild`, which writes its own record of tables.
    Wild,
}

const SOAKS: &[Soak] = &[
    Soak {
        name: "oracle",
        about: "the decoder agrees with the naive one on 1,000,000 generated streams",
        runner: Runner::Rust("wellspring-proto", "oracle"),
        amount: ("WELLSPRING_STREAMS", "1000000"),
    },
    Soak {
        name: "simulation",
        about: "channels and event sources over faulty links: 100,000 seeds",
        runner: Runner::Rust("wellspring-e2e", "simulation"),
        amount: ("WELLSPRING_SEEDS", "100000"),
    },
    Soak {
        name: "broker",
        about: "subscribers of a broker whose engine is ahead of it, and trims: 100,000 seeds",
        runner: Runner::Rust("wellspring-broker", "simulation"),
        amount: ("WELLSPRING_SEEDS", "100000"),
    },
    Soak {
        name: "check",
        about: "`check` on 30 real proxies and servers with a known fault, and on the same mended",
        runner: Runner::Rust("wellspring-e2e", "setups"),
        amount: ("WELLSPRING_SETUPS", "1000"),
    },
    Soak {
        name: "storm",
        about: "a restarted server meets no storm: 500 sources, 5 runs, and docs/storm.svg of them",
        runner: Runner::Rust("wellspring", "storm"),
        amount: ("WELLSPRING_STORMS", "5"),
    },
    Soak {
        name: "store",
        about: "each event is stored once: `tail --store` is killed 200 times, with either store",
        runner: Runner::Rust("wellspring-e2e", "kill_store"),
        amount: ("WELLSPRING_KILLS", "200"),
    },
    Soak {
        name: "hub",
        about: "the hub is killed 20 times under 100 publishers and 1,000 subscribers: each event once, in order",
        runner: Runner::Rust("wellspring-e2e", "kill_hub"),
        amount: ("WELLSPRING_HUB_KILLS", "20"),
    },
    Soak {
        name: "cluster",
        about: "three hubs on Redis, of which one, the server or both are killed or frozen 200 times: each event once",
        runner: Runner::Rust("wellspring-e2e", "cluster"),
        amount: ("WELLSPRING_CLUSTER_FAULTS", "200"),
    },
    Soak {
        name: "faults",
        about: "10,000 forced disconnects on real sockets, nothing lost, nothing doubled, nothing leaked",
        runner: Runner::Rust("wellspring-e2e", "faults"),
        amount: ("WELLSPRING_DISCONNECTS", "10000"),
    },
    Soak {
        name: "injection",
        about: "nothing gets out of its field: 10,000,000 blocks of hostile text",
        runner: Runner::Rust("wellspring-server", "injection"),
        amount: ("WELLSPRING_CASES", "10000000"),
    },
    Soak {
        name: "load",
        about: "5,000 subscribers, well and badly behaved, and how long events take to them",
        runner: Runner::Rust("wellspring-server", "load"),
        amount: ("WELLSPRING_SUBSCRIBERS", "5000"),
    },
    Soak {
        name: "wild",
        about: "every proxy, server and client that is known, and nothing lost over their restarts",
        runner: Runner::Wild,
        amount: ("WELLSPRING_WILD_RECORD", ""),
    },
    Soak {
        name: "browsers",
        about: "10,000 generated streams mean the same to Chromium, to Firefox and to the client",
        runner: Runner::JavaScript("differential.test.js"),
        amount: ("WELLSPRING_STREAMS", "10000"),
    },
    Soak {
        name: "node",
        about: "1,000 sources in Node opened and closed 100 times, a million events: nothing grows",
        runner: Runner::Node("test/soak.test.js"),
        amount: ("WELLSPRING_CHURN", "100"),
    },
];

/// The soaks by name, and what each is about.
pub(crate) fn names() -> Vec<(&'static str, &'static str)> {
    SOAKS.iter().map(|soak| (soak.name, soak.about)).collect()
}

/// `cargo xtask soak [NAME]…`.
pub(crate) fn run(names: &[&str]) -> Result<bool, Problem> {
    let known: Vec<&str> = SOAKS.iter().map(|soak| soak.name).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(name)) {
        return Err(Problem::Usage(format!("unknown soak: {name:?}")));
    }
    let chosen = SOAKS.iter();
    let chosen = chosen.filter(|soak| names.is_empty() || names.contains(&soak.name));
    let mut failed = Vec::new();
    for soak in chosen {
        println!("━━ soak {}: {}", soak.name, soak.about);
        match soak.run() {
            Ok(()) => println!("━━ soak {} passed", soak.name),
            Err(why) => {
                println!("━━ soak {} FAILED: {why}", soak.name);
                failed.push(soak.name);
            }
        }
    }
    if failed.is_empty() {
        return Ok(true);
    }
    Err(Problem::Failed(format!("failed: {}", failed.join(", "))))
}

impl Soak {
    /// Only a run of the whole amount goes on record.
    fn run(&self) -> Result<(), String> {
        let (variable, amount) = self.amount;
        let mut tests = self.tests()?;
        let other = env::var_os(variable);
        if other.is_none() && !matches!(self.runner, Runner::Wild) {
            tests.env(variable, amount);
        }
        let begin = Instant::now();
        let figures = tests_pass(&mut tests)?;
        println!("━━ {}: {}", self.name, figures.join("; "));
        if other.is_some() {
            return Ok(());
        }
        let build = match self.runner {
            Runner::Wild => "not optimised",
            _ => "optimised, with assertions",
        };
        record::write(self.name, self.about, (begin.elapsed(), build), &figures)
    }

    fn tests(&self) -> Result<Command, String> {
        match self.runner {
            Runner::Rust(package, test) => {
                let mut tests = cargo(["test", "--profile", "soak", "-p", package, "--test", test]);
                tests.args(["--", "--include-ignored", "--nocapture"]);
                Ok(tests)
            }
            Runner::JavaScript(file) => {
                javascript::tests(&[file]).map_err(|verdict| match verdict {
                    Verdict::Failed(why) | Verdict::Skipped(why) => why,
                    Verdict::Passed => "it did not run".to_owned(),
                })
            }
            Runner::Node(test) => node::soak(test),
            Runner::Wild => {
                tools::install_wide();
                let mut tests = built_test("crates/e2e", "wild")?;
                tests.args(["everything_is_asked_everything", "--ignored", "--nocapture"]);
                tests.env("WELLSPRING_WILD_RECORD", record::tables(self.name));
                Ok(tests)
            }
        }
    }
}
