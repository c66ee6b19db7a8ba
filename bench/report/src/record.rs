//! In: a name. Out: its newest record: the text for people, and the charts beside it.
//!
//! Next: `section.rs`.

use crate::chart::Chart;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// One file of `bench/record/`, and what belongs to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// Its file's name.
    pub(crate) file: String,
    pub(crate) text: String,
    /// To be drawn.
    pub(crate) charts: Vec<Chart>,
    /// Every row of its tables, to find who is best.
    pub(crate) compared: Vec<Chart>,
}

/// The newest record of this name, by the date that its file's name begins with.
pub(crate) fn newest(folder: &Path, name: &str) -> Result<Option<Record>, String> {
    let ending = format!("-{name}.md");
    let is_of_name = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        // `soak-node` is not `node`.
        let rest = file.strip_suffix(&ending).or_else(|| {
            let undated = file.strip_suffix(".md");
            undated.filter(|undated| *undated == name)
        });
        rest.is_some_and(|rest| !rest.ends_with("-soak"))
    };
    let newest = files(folder)?.into_iter().filter(is_of_name).max();
    newest.map(|path| read(&path)).transpose()
}

/// The names that begin so and have a record, in order.
pub(crate) fn names(folder: &Path, beginning: &str) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for path in files(folder)? {
        let file = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Some(at) = file.find(&format!("-{beginning}")) {
            names.push(file[at + 1..].to_owned());
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect())
}

fn read(path: &Path) -> Result<Record, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let json = fs::read_to_string(path.with_extension("json")).unwrap_or_default();
    let value: Value = serde_json::from_str(&json).unwrap_or_default();
    let charts = |key: &str| {
        let charts = value.get(key).and_then(Value::as_array);
        let charts = charts.map(Vec::as_slice).unwrap_or_default();
        charts.iter().filter_map(Chart::from_json).collect()
    };
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Record {
        file: file.into_owned(),
        text,
        charts: charts("charts"),
        compared: charts("compared"),
    })
}
