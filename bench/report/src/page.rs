//! In: the root of the repository. Out: the page with its figures, and its plots.
//!
//! Next: `section.rs`.

use crate::lost;
use crate::node;
use crate::record::{Record, names, newest};
use crate::section::{shifted, under};
use crate::soaks;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// A part of the page.
struct Benchmark {
    name: &'static str,
    question: &'static str,
    /// What measures it again, and records it.
    command: &'static str,
}

const BENCHMARKS: [Benchmark; 8] = [
    Benchmark {
        name: "client",
        question: "What does a client spend on a million events?",
        command: "cargo xtask bench client --record",
    },
    Benchmark {
        name: "idle",
        question: "What does a source cost that has nothing to do?",
        command: "cargo xtask bench idle --record",
    },
    Benchmark {
        name: "latency",
        question: "How long until the program has the event?",
        command: "cargo xtask bench latency --record",
    },
    Benchmark {
        name: "decode",
        question: "How fast is the decoder alone?",
        command: "cargo xtask bench decode --record",
    },
    Benchmark {
        name: "serve",
        question: "What does a delivery cost the server?",
        command: "cargo xtask bench serve --record",
    },
    Benchmark {
        name: "node",
        question: "What does a message cost in Node?",
        command: "cargo xtask bench node --record",
    },
    Benchmark {
        name: "weight",
        question: "What does a dependency on the client bring along?",
        command: "cargo xtask bench weight --record",
    },
    Benchmark {
        name: "profile",
        question: "Where does the time go?",
        command: "cargo xtask bench profile --record",
    },
];

/// The page as the records say it should be, and its plots.
#[derive(Debug)]
pub struct Page {
    path: PathBuf,
    before: String,
    after: String,
    /// By file name.
    plots: BTreeMap<String, String>,
}

impl Page {
    /// What `docs/comparison.md` should be.
    ///
    /// # Errors
    ///
    /// When the page or a record cannot be read, or the page lacks the marks between which the figures go.
    pub fn of(root: &Path) -> Result<Self, String> {
        let path = root.join("docs/comparison.md");
        let before = fs::read_to_string(&path);
        let before = before.map_err(|error| format!("{}: {error}", path.display()))?;
        let missing = || format!("{} lacks the lines `{BEGIN}` and `{END}`", path.display());
        let (head, rest) = before.split_once(BEGIN).ok_or_else(missing)?;
        let (_, tail) = rest.split_once(END).ok_or_else(missing)?;
        let mut plots = BTreeMap::new();
        let figures = figures(root, &mut plots)?;
        let after = format!("{head}{BEGIN}\n\n{figures}{END}{tail}");
        Ok(Self {
            path,
            before,
            after,
            plots,
        })
    }

    /// Writes the page and its plots, and takes away plots of old.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn write(&self) -> Result<(), String> {
        let folder = self.folder();
        let written = fs::create_dir_all(&folder).and_then(|()| {
            for file in self.stale()? {
                fs::remove_file(file)?;
            }
            for (name, svg) in &self.plots {
                fs::write(folder.join(name), svg)?;
            }
            fs::write(&self.path, &self.after)
        });
        written.map_err(|error| format!("{}: {error}", self.path.display()))?;
        println!("{} plots; {}", self.plots.len(), self.path.display());
        Ok(())
    }

    /// Whether that is how page and plots are.
    ///
    /// # Errors
    ///
    /// When they are not.
    pub fn check(&self) -> Result<(), String> {
        let folder = self.folder();
        let is_there = |(name, svg): (&String, &String)| {
            fs::read_to_string(folder.join(name)).is_ok_and(|text| text == *svg)
        };
        let stale = self.stale().map_err(|error| error.to_string())?;
        if self.before == self.after && self.plots.iter().all(is_there) && stale.is_empty() {
            return Ok(());
        }
        Err(format!(
            "{} or its plots are not what the records say: run `cargo xtask bench --report`",
            self.path.display()
        ))
    }

    fn folder(&self) -> PathBuf {
        self.path.with_extension("")
    }

    /// Plots that nothing on the page shows.
    fn stale(&self) -> std::io::Result<Vec<PathBuf>> {
        let Ok(entries) = fs::read_dir(self.folder()) else {
            return Ok(Vec::new());
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            if !self
                .plots
                .contains_key(&*entry.file_name().to_string_lossy())
            {
                files.push(entry.path());
            }
        }
        Ok(files)
    }
}

/// All that stands between the marks.
fn figures(root: &Path, plots: &mut BTreeMap<String, String>) -> Result<String, String> {
    let folder = root.join("bench/record");
    let mut records = Vec::new();
    for benchmark in &BENCHMARKS {
        records.push(newest(&folder, benchmark.name)?.map(node::with_charts));
    }
    let both = || BENCHMARKS.iter().zip(&records);
    let compared =
        both().filter_map(|(benchmark, record)| Some((benchmark.name, record.as_ref()?)));
    let mut text = lost::section(&compared.collect::<Vec<_>>());
    for (benchmark, record) in both() {
        text.push_str(&section(benchmark, record.as_ref(), plots));
    }
    text.push_str(&soaks::section(&soak_records(&folder)?));
    let fuzz = fs::read_to_string(root.join("fuzz/record.md")).unwrap_or_default();
    text.push_str(&soaks::fuzzing(&fuzz));
    Ok(text)
}

fn soak_records(folder: &Path) -> Result<Vec<(String, Record)>, String> {
    let mut soaks = Vec::new();
    for name in names(folder, "soak-")? {
        if let Some(record) = newest(folder, &name)? {
            soaks.push((name.trim_start_matches("soak-").to_owned(), record));
        }
    }
    Ok(soaks)
}

/// A heading, the command, the plots, and the tables of the record, some levels down.
fn section(
    benchmark: &Benchmark,
    record: Option<&Record>,
    plots: &mut BTreeMap<String, String>,
) -> String {
    let Benchmark {
        name,
        question,
        command,
    } = benchmark;
    let mut section = format!("### {question}\n\nAgain: `{command}`\n\n");
    let Some(record) = record else {
        section.push_str("There is no record yet.\n\n");
        return section;
    };
    for (number, chart) in record.charts.iter().enumerate() {
        let file = format!("{name}-{}.svg", number + 1);
        section.push_str(&format!("![{}](comparison/{file})\n\n", chart.title));
        plots.insert(file, chart.svg());
    }
    section.push_str(&under(4, &shifted(&record.text)));
    section
}
