//! Programs to run. In: a program, its arguments, its folder. Out: whether it ended well, and how
//! many tests it ran when it is a test runner. Nothing that is run here has a standard input.
//!
//! Next: `step.rs` names and times them.

use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder that cargo builds in, for steps whose workspaces are others: what they have in common is built once.
pub(crate) fn target() -> PathBuf {
    let ours = env::current_exe().unwrap_or_default();
    ours.ancestors().nth(2).unwrap_or(&ours).to_path_buf()
}

/// A program of this workspace, built like this one and beside it.
pub(crate) fn built_program(name: &str) -> PathBuf {
    let ours = env::current_exe().unwrap_or_default();
    ours.with_file_name(name)
}

/// Every target that a plain `cargo test` runs. Whatever else is run of this workspace is built along with them: asked for
/// by itself, a package gets fewer features of others, and those would be built once more.
pub(crate) const ALL_TARGETS: &str = "--workspace --lib --bins --tests --examples";

/// Builds a test that a plain `cargo test` leaves out, and returns it, ready to be run.
pub(crate) fn built_test(package: &str, name: &str) -> Result<Command, String> {
    // `--tests` beside it would mean all tests but those that are left out.
    let build =
        format!("test --no-run --workspace --test {name} --message-format=json-render-diagnostics");
    let (messages, _) = output(cargo(build.split(' ')).stderr(Stdio::inherit()))?;
    let test = executable(&messages, name).ok_or_else(|| format!("cargo built no test {name}"))?;
    let mut test = program(test);
    test.current_dir(root().join(package));
    Ok(test)
}

/// Finds the program of a target in what cargo said, a line of JSON for each.
fn executable(messages: &str, name: &str) -> Option<String> {
    let target = format!("\"name\":\"{name}\"");
    messages
        .lines()
        .filter(|line| line.contains(&target))
        .find_map(|line| {
            let (_, rest) = line.split_once("\"executable\":\"")?;
            let (path, _) = rest.split_once('"')?;
            Some(path.replace("\\\\", "\\"))
        })
}

/// The cargo that runs us, in the root of the repository.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = program(cargo);
    command.args(arguments);
    command
}

/// Any program, in the root of the repository.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// Runs it to its end and tells whether that was a good one.
pub(crate) fn succeeds(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|error| unstarted(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{} ended with {status}", shown(command)))
}

/// Runs it to its end and takes what it wrote to its two outputs.
pub(crate) fn output(command: &mut Command) -> Result<(String, String), String> {
    let output = command
        .output()
        .map_err(|error| unstarted(command, &error))?;
    let texts =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let [out, err] = texts;
    if output.status.success() {
        return Ok((out, err));
    }
    Err(format!(
        "{} ended with {}\n{err}",
        shown(command),
        output.status
    ))
}

/// Runs it to its end, showing what it prints, and takes that and whether it ended well.
pub(crate) fn shown_output(command: &mut Command) -> Result<(String, bool), String> {
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| unstarted(command, &error))?;
    let mut text = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            println!("{line}");
            text += &line;
            text.push('\n');
        }
    }
    let status = child.wait().map_err(|error| unstarted(command, &error))?;
    Ok((text, status.success()))
}

/// Runs a test runner to its end, showing what it prints, and counts the tests that passed.
/// A runner that ran no test has failed: its filter names nothing. What comes back are the figures
/// that it printed after `figures: `, with semicolons between them.
pub(crate) fn tests_pass(command: &mut Command) -> Result<Vec<String>, String> {
    let mut figures = Vec::new();
    let passed = count_passed(command, &mut io::stdout(), &mut figures)?;
    println!("({passed} tests passed)");
    Ok(figures)
}

fn count_passed(
    command: &mut Command,
    shown_on: &mut impl Write,
    figures: &mut Vec<String>,
) -> Result<u64, String> {
    let spawned = command.stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| unstarted(command, &error))?;
    let mut passed = 0;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let _ = shown_on
                .write_all(&line)
                .and_then(|()| shown_on.write_all(b"\n"));
            let line = String::from_utf8_lossy(&line);
            passed += passed_in(&line);
            // libtest may have begun the line itself.
            if let Some((_, found)) = line.split_once("figures: ") {
                figures.extend(found.split(';').map(|figure| figure.trim().to_owned()));
            }
        }
    }
    let status = child.wait().map_err(|error| unstarted(command, &error))?;
    match (status.success(), passed) {
        (true, 0) => Err(format!("{} ran no test", shown(command))),
        (true, passed) => Ok(passed),
        (false, _) => Err(format!("{} ended with {status}", shown(command))),
    }
}

/// The count in `test result: ok. 3 passed; …` of libtest or `# pass 3` of Node's runner.
fn passed_in(line: &str) -> u64 {
    let libtest = line.strip_prefix("test result: ok. ");
    let count = match libtest {
        Some(rest) => rest.split_once(" passed").map(|(count, _)| count),
        None => line
            .strip_prefix("# pass ")
            .or_else(|| line.strip_prefix("ℹ pass ")),
    };
    count
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(0)
}

fn unstarted(command: &Command, error: &io::Error) -> String {
    format!("{} did not start: {error}", shown(command))
}

fn shown(command: &Command) -> String {
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}

/// Whether this is CI, where nothing may be skipped.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

#[cfg(test)]
mod tests;
