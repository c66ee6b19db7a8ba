//! The server's process. In: its number, or the file that has it. Out: its memory and its time on the
//! processors, as Linux tells them in /proc.
//!
//! Next: `report.rs`.

use std::fs;
use std::time::Duration;

use crate::args::Pid;

/// Clock ticks a second in /proc: fixed at 100 for programs on Linux, whatever the kernel's own rate.
const TICKS: u64 = 100;

/// What was seen of a process, or of several that followed each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    /// The process looked at last.
    pub(super) pid: u32,
    /// How many there were.
    pub(super) processes: u32,
    /// Resident, at the first look, in KiB.
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) most: u64,
    /// On the processors, since the first look at each.
    pub(super) time: Duration,
    /// At the look before.
    ticks: u64,
}

/// Looks at a process again and again.
#[derive(Debug)]
pub(super) struct Watcher {
    pid: Pid,
    usage: Usage,
}

/// One look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    resident: u64,
    ticks: u64,
}

impl Watcher {
    /// Looks for the first time.
    pub(super) fn new(pid: &Pid) -> Result<Self, String> {
        let mut watcher = Self {
            pid: pid.clone(),
            usage: Usage::default(),
        };
        watcher.look()?;
        Ok(watcher)
    }

    /// Looks again. A process that is gone leaves what was seen of it.
    pub(super) fn look(&mut self) -> Result<(), String> {
        let pid = number(&self.pid)?;
        let seen = look(pid)?;
        let usage = &mut self.usage;
        if usage.pid != pid {
            if usage.processes == 0 {
                usage.first = seen.resident;
            }
            (usage.pid, usage.ticks) = (pid, seen.ticks);
            usage.processes += 1;
        }
        let ticks = seen.ticks.saturating_sub(usage.ticks);
        usage.time += Duration::from_millis(ticks * 1000 / TICKS);
        usage.ticks = seen.ticks;
        usage.last = seen.resident;
        usage.most = usage.most.max(seen.resident);
        Ok(())
    }

    pub(super) fn usage(&self) -> Usage {
        self.usage.clone()
    }
}

fn number(pid: &Pid) -> Result<u32, String> {
    match pid {
        Pid::Number(number) => Ok(*number),
        Pid::File(path) => {
            let wrong = |why: &str| format!("--pid @{}: {why}", path.display());
            let text = fs::read_to_string(path).map_err(|error| wrong(&error.to_string()))?;
            let number = text.trim().parse();
            number.map_err(|_| wrong("there is no number of a process in it"))
        }
    }
}

fn look(pid: u32) -> Result<Look, String> {
    let read = |name: &str| {
        let text = fs::read_to_string(format!("/proc/{pid}/{name}"));
        text.map_err(|error| format!("--pid {pid}: /proc/{pid}/{name}: {error}"))
    };
    let unknown = || format!("--pid {pid}: /proc says nothing of its memory or its time");
    let (status, stat) = (read("status")?, read("stat")?);
    let resident = resident(&status).ok_or_else(unknown)?;
    let ticks = ticks(&stat).ok_or_else(unknown)?;
    Ok(Look { resident, ticks })
}

/// In KiB.
fn resident(status: &str) -> Option<u64> {
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Of the program itself and of the kernel for it.
fn ticks(stat: &str) -> Option<u64> {
    // The name, in parentheses, may have spaces and parentheses in it.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests;
