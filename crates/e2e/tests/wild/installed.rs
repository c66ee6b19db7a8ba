//! Packages of Python and Node. In: the lists beside this file. Out: commands that run a script with
//! them. They are installed once for each state of the lists, into a cache folder that
//! `WELLSPRING_WILD` names (by default `wellspring-wild` in the user's cache folder).
//!
//! Next: `clients.rs`.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wild");

/// The marker of an installation that was finished.
const COMPLETE: &str = "complete";

/// A command that runs this script of `python/`, or of a `python/` deeper down; `None` where there is no Python.
pub(crate) fn python(script: &str) -> Option<Command> {
    let system = wellspring_testkit::tool("python3")?;
    let (source, script) = source("python", script);
    let requirements = source.join("requirements.txt");
    let folder = installed("python", &[&requirements], |folder| {
        let environment = ["-m", "venv"];
        succeeds(Command::new(system).args(environment).arg(folder));
        let mut pip = Command::new(folder.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        succeeds(pip.arg("--requirement").arg(&requirements));
    });
    let mut command = Command::new(folder.join("bin/python"));
    command.arg(source.join(script));
    Some(command)
}

/// A command that runs this script of `node/`, or of a `node/` deeper down; `None` where there is no Node.
pub(crate) fn node(script: &str) -> Option<Command> {
    let node = wellspring_testkit::tool("node")?;
    let npm = wellspring_testkit::tool("npm")?;
    let (source, script) = source("node", script);
    let lists = ["package.json", "package-lock.json"].map(|name| source.join(name));
    let folder = installed("node", &[&lists[0], &lists[1]], |folder| {
        for list in &lists {
            fs::copy(list, folder.join(list.file_name().unwrap())).unwrap();
        }
        let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        succeeds(Command::new(npm).current_dir(folder).args(quiet));
    });
    // Node looks for packages beside the script.
    let copied = folder.join(script);
    fs::copy(source.join(script), &copied).unwrap();
    let mut command = Command::new(node);
    command.arg(copied);
    Some(command)
}

/// `wide/servers.mjs` is in `wide/node/`, with lists of its own.
fn source<'a>(language: &str, script: &'a str) -> (PathBuf, &'a str) {
    let scripts = Path::new(SCRIPTS);
    match script.split_once('/') {
        None => (scripts.join(language), script),
        Some((set, script)) => (scripts.join(set).join(language), script),
    }
}

/// The version that a list of packages pins.
pub(crate) fn pinned(list: &str, package: &str) -> Option<String> {
    let text = fs::read_to_string(Path::new(SCRIPTS).join(list)).ok()?;
    text.lines().find_map(|line| {
        let line = line.trim().trim_end_matches(',');
        let python = line
            .strip_prefix(package)
            .and_then(|rest| rest.strip_prefix("=="));
        let node = line.strip_prefix(&format!("\"{package}\": \""));
        let version = python.or(node)?.trim_end_matches('"');
        Some(version.rsplit('@').next().unwrap_or(version).to_owned())
    })
}

/// The folder of what is named in these lists, made now if it is not there in whole.
fn installed(name: &str, lists: &[&PathBuf], install: impl FnOnce(&Path)) -> PathBuf {
    static ONE_AT_A_TIME: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);
    let _guard = ONE_AT_A_TIME
        .lock()
        .unwrap_or_else(|poison| poison.into_inner());
    let mut hasher = DefaultHasher::new();
    for list in lists {
        fs::read(list).unwrap().hash(&mut hasher);
    }
    let folder = cache().join(format!("{name}-{:016x}", hasher.finish()));
    if !folder.join(COMPLETE).exists() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        install(&folder);
        fs::write(folder.join(COMPLETE), "").unwrap();
    }
    folder
}

fn cache() -> PathBuf {
    let below = |name: &str, rest: &str| env::var_os(name).map(|v| PathBuf::from(v).join(rest));
    env::var_os("WELLSPRING_WILD")
        .map(PathBuf::from)
        .or_else(|| below("XDG_CACHE_HOME", "wellspring-wild"))
        .or_else(|| below("HOME", ".cache/wellspring-wild"))
        .unwrap_or_else(|| env::temp_dir().join("wellspring-wild"))
}

fn succeeds(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?} ended with {status}");
}
