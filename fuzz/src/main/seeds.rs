//! The seeds in git. In: a target. Out: its seeds run, written from the test kit's vectors, or chosen
//! from what a search has found.
//!
//! Next: `fuzz/README.md`.

use crate::{build, here};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wellspring_fuzz::{TARGETS, Target};
use wellspring_testkit::vectors;

/// How many files a target has in all, and how large one may be that is kept from a search.
const FILES: usize = 190;
const LARGEST: u64 = 1024;

/// Runs one input; a panic says what is wrong.
pub(crate) fn run(target: &Target, file: &Path) -> Result<(), String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    println!("{} {} ({} bytes)", target.name, file.display(), bytes.len());
    (target.run)(&bytes);
    Ok(())
}

pub(crate) fn run_all() -> Result<(), String> {
    for target in TARGETS {
        for file in files(&here("seeds").join(target.name))? {
            run(target, &file)?;
        }
    }
    Ok(())
}

/// Every vector behind every head the target names.
pub(crate) fn write_vectors() -> Result<(), String> {
    for target in TARGETS {
        let folder = here("seeds").join(target.name);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        for (index, vector) in vectors::all().enumerate() {
            // One head each, in turn: every head meets vectors of every topic.
            let heads = target.vector_heads;
            let Some(head) = heads.get(index % heads.len().max(1)) else {
                continue;
            };
            let path = folder.join(format!("vector-{}", vector.name));
            let written = fs::write(&path, [*head, vector.input].concat());
            written.map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

/// Replaces the seeds that were found earlier by a small part of the corpus that covers the most.
pub(crate) fn keep(target: &Target) -> Result<(), String> {
    let program = build::libfuzzer()?;
    let seeds = here("seeds").join(target.name);
    let merged = here("corpus").join(format!("{}-merged", target.name));
    let _ = fs::remove_dir_all(&merged);
    fs::create_dir_all(&merged).map_err(|error| error.to_string())?;
    let mut merge = Command::new(program);
    merge.env("WELLSPRING_FUZZ", target.name);
    merge
        .arg("-set_cover_merge=1")
        .arg(format!("-max_len={LARGEST}"));
    merge.args([&merged, &here("corpus").join(target.name)]);
    let status = merge.status().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err("the corpus cannot be merged".to_owned());
    }
    for old in files(&seeds)? {
        if old
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("found-"))
        {
            fs::remove_file(old).map_err(|error| error.to_string())?;
        }
    }
    let kept = FILES.saturating_sub(files(&seeds)?.len());
    let mut found = files(&merged)?;
    found.retain(|file| fs::metadata(file).is_ok_and(|file| file.len() <= LARGEST));
    // From small to large, evenly, when there are too many.
    found.sort_by_key(|file| fs::metadata(file).map_or(0, |file| file.len()));
    let count = found.len();
    for (index, file) in found.iter().enumerate() {
        if count > kept && (index * kept) / count == ((index + 1) * kept) / count {
            continue;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let seed = seeds.join(format!("found-{}", &name[..name.len().min(12)]));
        fs::copy(file, seed).map_err(|error| error.to_string())?;
    }
    println!("{}: {} of {count} kept", target.name, count.min(kept));
    Ok(())
}

/// The files of a folder, by name; none when it is not there.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let paths: Result<Vec<_>, _> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    let mut paths = paths.map_err(|error| error.to_string())?;
    paths.sort();
    Ok(paths)
}
