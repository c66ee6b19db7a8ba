//! In: nothing. Out: what a figure has to be read with: processor, system, compiler, commit, date; and where its
//! record goes.
//!
//! Next: `soak/record.rs`, and `bench/`, which write it above their figures.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where and with what was measured.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Machine {
    /// In UTC, `2026-11-21`.
    pub date: String,
    /// The processor, with family and model where several have one name.
    pub cpu: String,
    /// How many processors a program may use.
    pub cores: usize,
    /// The operating system and its version.
    pub system: String,
    /// The compiler.
    pub rustc: &'static str,
    /// The commit, and whether there were changes that are not in it.
    pub commit: String,
}

impl Machine {
    /// This one, now.
    #[must_use]
    pub fn look() -> Self {
        Self {
            date: today(),
            cpu: cpu().unwrap_or_else(|| std::env::consts::ARCH.into()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: output("uname", &["-srm"]).unwrap_or_else(|| std::env::consts::OS.into()),
            rustc: env!("XTASK_RUSTC"),
            commit: commit(),
        }
    }

    /// The processor as part of a file name.
    #[must_use]
    pub fn cpu_slug(&self) -> String {
        let plain = self.cpu.replace("(R)", "").replace("(TM)", "");
        let words = plain.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        words.join("-").to_ascii_lowercase()
    }

    /// What a record says of it in a list, and how what was measured had been built.
    #[must_use]
    pub fn list(&self, build: &str) -> String {
        let Self {
            cpu,
            cores,
            system,
            rustc,
            commit,
            ..
        } = self;
        format!("- {cpu}, {cores} cores; {system}\n- {rustc}; {build}\n- commit {commit}\n")
    }

    /// Where the record of these figures goes: by date, machine and name.
    #[must_use]
    pub fn record(&self, name: &str) -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let file = format!("{}-{}-{name}.md", self.date, self.cpu_slug());
        root.join("bench/record").join(file)
    }
}

/// The same in a line.
impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cpu,
            cores,
            system,
            rustc,
            commit,
            ..
        } = self;
        write!(f, "{cpu}, {cores} cores, {system}; {rustc}; {commit}")
    }
}

/// The name the processor gives itself; several differ only in family, model and stepping, so these too.
fn cpu() -> Option<String> {
    let Ok(info) = fs::read_to_string("/proc/cpuinfo") else {
        return output("sysctl", &["-n", "machdep.cpu.brand_string"]);
    };
    let value = |key: &str| {
        let line = info
            .lines()
            .find(|line| line.split('\t').next() == Some(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let name = value("model name")?;
    Some(match (value("cpu family"), value("model")) {
        (Some(family), Some(model)) => format!("{name} {family}-{model}"),
        _ => name,
    })
}

fn commit() -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let hash = output("git", &["-C", root, "rev-parse", "--short=12", "HEAD"]);
    let changed = output(
        "git",
        &[
            "-C",
            root,
            "status",
            "--short",
            "--",
            "crates",
            "bench/src",
            "fuzz/src",
        ],
    );
    match (hash, changed) {
        (Some(hash), Some(changes)) if !changes.is_empty() => format!("{hash} with changes"),
        (Some(hash), _) => hash,
        (None, _) => "unknown".into(),
    }
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The date in UTC, `2026-11-21`.
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let (year, month, day) = civil((since.unwrap_or_default().as_secs() / 86_400) as i64);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a number of days since 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests;
