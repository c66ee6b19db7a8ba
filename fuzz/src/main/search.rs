//! A search for a counterexample. In: a target and seconds. Out: what libFuzzer prints, the input it
//! found, if it did, and a line for the record.
//!
//! Next: `seeds.rs`.

use crate::{build, here};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use wellspring_fuzz::Target;
use xtask::Machine;

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
    let spawned = search.stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("cannot run libFuzzer: {error}"))?;
    let mut outcome = Outcome::default();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            eprintln!("{line}");
            outcome.read(&line);
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    let line = outcome.line(target, seconds, status.success());
    println!("{line}");
    if record {
        append(&line)?;
    }
    if status.success() {
        return Ok(());
    }
    Err(format!("found something: see {}", artifacts.display()))
}

/// What the last lines say.
#[derive(Default)]
struct Outcome {
    executions: String,
    coverage: String,
    features: String,
    corpus: String,
}

impl Outcome {
    fn read(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            let place = match word {
                "stat::number_of_executed_units:" => &mut self.executions,
                "cov:" => &mut self.coverage,
                "ft:" => &mut self.features,
                "corp:" => &mut self.corpus,
                _ => continue,
            };
            *place = words.next().unwrap_or_default().to_owned();
        }
    }

    fn line(&self, target: &Target, seconds: u32, clean: bool) -> String {
        let Self {
            executions,
            coverage,
            features,
            corpus,
        } = self;
        let name = target.name;
        let found = if clean { "nothing" } else { "something" };
        let Machine {
            date, cpu, commit, ..
        } = Machine::look();
        format!(
            "| {date} | {cpu} | {commit} | {name} | {seconds} | {executions} | {coverage} | {features} | {corpus} | {found} |"
        )
    }
}

fn append(line: &str) -> Result<(), String> {
    let path = here("record.md");
    let file = fs::OpenOptions::new().append(true).open(&path);
    let written = file.and_then(|mut file| writeln!(file, "{line}"));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}
