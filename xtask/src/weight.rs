//! What a dependency on the client weighs. In: programs that do nothing, one for each way to depend on it, and one that
//! depends on reqwest. Out: how many crates each builds and how long that takes, side by side, and whether the bars hold.
//!
//! Next: `../../bench/record/weight.md`, the last record.

use crate::command::{cargo, program, root};
use crate::problem::Problem;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use xtask::children_cpu;

/// A program that depends on one thing.
struct Program {
    name: &'static str,
    about: &'static str,
    /// The line of its manifest; `CLIENT` is where the client is.
    dependency: &'static str,
}

const REQWEST: Program = Program {
    name: "reqwest",
    about: "reqwest 0.13, its defaults",
    dependency: "reqwest = \"0.13\"",
};

const DEFAULT: Program = Program {
    name: "default",
    about: "wellspring, its defaults",
    dependency: "wellspring = { path = \"CLIENT\" }",
};

const TOWER: Program = Program {
    name: "tower",
    about: "wellspring, the tower transport alone",
    dependency: "wellspring = { path = \"CLIENT\", default-features = false, features = [\"tower\"] }",
};

/// What was found out about a program.
struct Weight {
    crates: usize,
    /// A build from nothing: one by `cargo build`, one by `cargo build --release`.
    builds: Option<[Took; 2]>,
}

/// Seconds.
struct Took {
    wall: f64,
    /// Of all processes together, which says more where other programs run; on Linux only.
    cpu: Option<f64>,
}

/// `cargo xtask bench weight [--count] [--record]`.
pub(crate) fn run(arguments: &[&str]) -> Result<bool, Problem> {
    let known = ["--count", "--record"];
    if let Some(unknown) = arguments.iter().find(|word| !known.contains(word)) {
        return Err(Problem::Usage(format!("bench weight: unknown {unknown:?}")));
    }
    let timed = !arguments.contains(&"--count");
    let weigh = |program: &Program| program.weigh(timed).map_err(Problem::Failed);
    let weights = [weigh(&REQWEST)?, weigh(&DEFAULT)?, weigh(&TOWER)?];
    let table = table(&weights);
    println!("\n{table}");
    if arguments.contains(&"--record") {
        let path = root().join("bench/record/weight.md");
        let written = fs::write(&path, format!("{}{table}", heading()?));
        written.map_err(|error| Problem::Failed(format!("{}: {error}", path.display())))?;
        println!("recorded in {}", path.display());
    }
    let [reqwest, default, tower] = weights.map(|weight| weight.crates);
    Ok(default <= reqwest && 2 * tower <= reqwest)
}

impl Program {
    fn weigh(&self, timed: bool) -> Result<Weight, String> {
        let folder = root().join("target/weight").join(self.name);
        self.write(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        output(inside(&folder, &["fetch"]))?;
        let builds = if timed {
            Some([build(&folder, &[])?, build(&folder, &["--release"])?])
        } else {
            None
        };
        let crates = count(&folder)?;
        Ok(Weight { crates, builds })
    }

    /// Its versions are those of our lock file, where that has them.
    fn write(&self, folder: &Path) -> std::io::Result<()> {
        fs::create_dir_all(folder.join("src"))?;
        let client = root().join("crates/client");
        let dependency = self
            .dependency
            .replace("CLIENT", &client.display().to_string());
        let manifest = format!(
            "[package]\nname = \"weighed\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependency}\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/main.rs"), "fn main() {}\n")?;
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).map(|_| ())
    }
}

/// The crates that a build compiles here: those for other systems, and for tests, do not count, nor does the program.
fn count(folder: &Path) -> Result<usize, String> {
    let tree = "tree --edges normal,build --prefix none --format {p}";
    let tree = output(inside(folder, &tree.split(' ').collect::<Vec<_>>()))?;
    // What was shown before is marked so.
    let names = tree.lines().map(|line| line.trim_end_matches(" (*)"));
    let mut crates: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
    crates.sort_unstable();
    crates.dedup();
    Ok(crates.len() - 1)
}

/// How long a build from nothing takes. What it needs has been fetched.
fn build(folder: &Path, profile: &[&str]) -> Result<Took, String> {
    let built = folder.join("target");
    if built.exists() {
        let removed = fs::remove_dir_all(&built);
        removed.map_err(|error| format!("{}: {error}", built.display()))?;
    }
    let (start, cpu) = (Instant::now(), children_cpu());
    output(inside(
        folder,
        &[&["build", "--quiet", "--offline"], profile].concat(),
    ))?;
    let cpu = children_cpu()
        .zip(cpu)
        .map(|(after, before)| after - before);
    let wall = start.elapsed().as_secs_f64();
    Ok(Took { wall, cpu })
}

fn inside(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = cargo(arguments.iter().copied());
    command.current_dir(folder);
    command.env("CARGO_TARGET_DIR", PathBuf::from("target"));
    command
}

fn output(mut command: Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{:?} ended with {}:\n{errors}",
        command.get_program(),
        output.status
    ))
}

fn table(weights: &[Weight; 3]) -> String {
    let [reqwest, default, tower] = weights;
    let bars = [
        (&REQWEST, reqwest, String::new()),
        (&DEFAULT, default, bar(default.crates, reqwest.crates)),
        (&TOWER, tower, bar(tower.crates, reqwest.crates / 2)),
    ];
    let mut table = String::from(
        "| a program that depends on | crates | at most | clean build: s, CPU s | with --release: s, CPU s |\n|---|---|---|---|---|\n",
    );
    for (program, weight, bar) in bars {
        let [debug, release] = match &weight.builds {
            Some(builds) => builds.each_ref().map(shown),
            None => ["not timed".to_owned(), "not timed".to_owned()],
        };
        let _ = writeln!(
            table,
            "| {} | {} | {bar} | {debug} | {release} |",
            program.about, weight.crates
        );
    }
    table
}

fn shown(took: &Took) -> String {
    match took.cpu {
        Some(cpu) => format!("{:.0}, {cpu:.0}", took.wall),
        None => format!("{:.0}", took.wall),
    }
}

fn bar(crates: usize, most: usize) -> String {
    let verdict = if crates <= most { "met" } else { "MISSED" };
    format!("{most}: {verdict}")
}

/// What stands above the table of a record.
fn heading() -> Result<String, Problem> {
    let say = |name: &str, arguments: &[&str]| {
        let mut command = program(name);
        command.args(arguments);
        output(command).map_err(Problem::Failed)
    };
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let processor = processor.map_or("unknown processor", |text| {
        text.trim_start_matches([':', ' ', '\t'])
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(format!(
        "# Weight\n\n- {}\n- {processor}, {cores} cores; {}\n- commit {}\n- crates: what a build compiles on this system, \
         build scripts' and macros' own included. Each build once, from nothing, everything fetched before.\n- again: \
         `cargo xtask bench weight --record`\n\n",
        say("date", &["-u", "+%F"])?.trim(),
        say("rustc", &["-V"])?.trim(),
        say("git", &["rev-parse", "--short=12", "HEAD"])?.trim(),
    ))
}
