//! In: arguments for this program. Out: the same program under `perf record`, and what perf has to say of it.
//!
//! Next: `stacks.rs`, which reads that.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Samples a second: no divisor of what timers tick with.
const FREQUENCY: &str = "997";

/// Bytes of the stack that are kept with a sample, to find the callers by what unwinding needs. Frame pointers would
/// be cheaper, but the C library has none, and the program would not be the one that is measured.
const CALL_GRAPH: &str = "dwarf,16384";

/// Fails with what to install.
pub(super) fn is_there() -> Result<(), String> {
    let mut perf = Command::new("perf");
    perf.arg("--version").stdout(Stdio::null());
    match perf.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err("it takes perf, which is not on this machine, or does not fit its kernel: Debian has it in the package \
                  linux-perf (apt-get install linux-perf)"
            .to_owned()),
    }
}

/// A file that perf writes, until it is dropped.
#[derive(Debug)]
pub(super) struct Recording {
    file: PathBuf,
}

impl Recording {
    pub(super) fn new(name: &str) -> Self {
        let file = format!("wellspring-{name}-{}.perf", std::process::id());
        Self {
            file: std::env::temp_dir().join(file),
        }
    }

    /// This program under perf.
    pub(super) fn program<'a>(
        &self,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Command, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut perf = Command::new("perf");
        perf.args(["record", "--quiet", "--event", "cpu-clock"]);
        perf.args(["--freq", FREQUENCY, "--call-graph", CALL_GRAPH]);
        perf.arg("--output").arg(&self.file).arg("--").arg(program);
        perf.args(arguments);
        Ok(perf)
    }

    /// A line a frame, callees first, and an empty line between samples.
    pub(super) fn script(&self) -> Result<String, String> {
        let mut script = Command::new("perf");
        script.args(["script", "--no-inline", "--fields", "ip,sym,dso", "--input"]);
        script.arg(&self.file).stderr(Stdio::null());
        let output = script.output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("perf script ended with {}", output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Runs it to its end.
pub(super) fn succeeds(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    Err(format!(
        "perf record ended with {status}: may this user look at programs (/proc/sys/kernel/perf_event_paranoid)?"
    ))
}
