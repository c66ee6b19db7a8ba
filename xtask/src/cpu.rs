//! In: nothing. Out: what the processes have taken that this one has started and waited for.
//!
//! Next: `weight.rs`, and `fuzz/`, which measure with it.

use std::fs;

/// The CPU time of the children that have ended, in seconds, of all of them together; on Linux only: the 16th and 17th
/// field of `stat`, in 100ths (`proc_pid_stat(5)`).
#[must_use]
pub fn children_cpu() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field may hold spaces, and is in brackets.
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks: Vec<f64> = fields
        .split(' ')
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    (ticks.len() == 2).then(|| (ticks[0] + ticks[1]) / 100.0)
}
