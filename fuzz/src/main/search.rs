//! A search for a counterexample. In: a target and seconds. Out: what libFuzzer prints, the input it
//! found, if it did, and a row for the record.
//!
//! Next: `record.rs`.

use crate::record::{self, Search};
use crate::{build, here};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;
use wellspring_fuzz::Target;
use xtask::{Machine, children_cpu};

/// The longest input that is made up.
const MAX_LENGTH: usize = 4096;

pub(crate) fn run(target: &Target, seconds: u32, record: bool) -> Result<(), String> {
    let program = build::libfuzzer()?;
    let corpus = here("corpus").join(target.name);
    let artifacts = here("artifacts").join(target.name);
    let seeds = here("seeds").join(target.name);
    for folder in [&corpus, &artifacts, &seeds] {
        let made = fs::create_dir_all(folder);
        made.map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    }
    let mut search = Command::new(program);
    search.env("WELLSPRING_FUZZ", target.name);
    search.args([&corpus, &seeds]);
    search.arg(format!("-dict={}", here("event-stream.dict").display()));
    search.arg(format!("-artifact_prefix={}/", artifacts.display()));
    search.arg(format!("-max_len={MAX_LENGTH}"));
    search.arg(format!("-max_total_time={seconds}"));
    search.args([
        "-timeout=10",
        "-print_final_stats=1",
        "-use_value_profile=1",
    ]);
    let (begin, cpu_before) = (Instant::now(), children_cpu());
    let spawned = search.stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("cannot run libFuzzer: {error}"))?;
    let mut outcome = Search {
        target: target.name.to_owned(),
        ..Search::default()
    };
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            eprintln!("{line}");
            read(&mut outcome, &line);
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.code().is_none() {
        return Err(format!("libFuzzer did not end by itself: {status}"));
    }
    outcome.seconds = begin.elapsed().as_secs();
    let cpu = children_cpu().zip(cpu_before);
    outcome.cpu = cpu.map(|(after, before)| (after - before) as u64);
    outcome.found = !status.success();
    let row = outcome.row(&Machine::look());
    println!("{row}");
    if record {
        record::append(&row)?;
    }
    if status.success() {
        return Ok(());
    }
    Err(format!("found something: see {}", artifacts.display()))
}

/// Takes what a line of libFuzzer's says; the last one that says it counts.
fn read(outcome: &mut Search, line: &str) {
    let mut words = line.split_whitespace();
    while let Some(word) = words.next() {
        let count = match word {
            "stat::number_of_executed_units:" => &mut outcome.executions,
            "cov:" => &mut outcome.edges,
            "ft:" => &mut outcome.features,
            "corp:" => {
                outcome.corpus = words.next().unwrap_or_default().to_owned();
                continue;
            }
            _ => continue,
        };
        if let Some(number) = words.next().and_then(|word| word.parse().ok()) {
            *count = number;
        }
    }
}
