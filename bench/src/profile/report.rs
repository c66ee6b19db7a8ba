//! In: profiles. Out: Markdown.
//!
//! Next: `docs/profiles.md`, which says what has been done about what takes most.

use super::stacks::Profile;
use crate::machine::Machine;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// The rows of a table.
const ROWS: usize = 12;

pub(crate) fn heading(machine: &Machine, time: Duration) -> String {
    let date = &machine.date;
    format!(
        "## Profiles, {date}\n\n{machine}. Each ran for about {time:?} under \
         `perf record`, by the clock of the CPU. A sample is charged to the function of ours that it is in, or that has \
         called what it is in; to the call of the kernel; or to the crate, where nothing of ours is among its callers. \
         What was done about those at the top is in [profiles.md](../../docs/profiles.md).\n\n"
    )
}

pub(crate) fn section(about: &str, picture: &Path, profile: &Profile) -> String {
    let file = picture.file_name().unwrap_or_default().to_string_lossy();
    let [ours, benchmark, others, kernel] = profile.parts().map(|samples| profile.percent(samples));
    let mut text = format!(
        "### {about}\n\n![{about}]({file})\n\n{} samples, charged to ours {ours:.0} %, to the benchmark {benchmark:.0} %, to crates of \
         others {others:.0} %, to the kernel {kernel:.0} %.\n\n| charged to | samples | with all it calls |\n|---|---:|---:|\n",
        profile.samples
    );
    for charge in profile.charges().iter().take(ROWS) {
        let _ = writeln!(
            text,
            "| {} | {:.1} % | {:.1} % |",
            charge.name.replace('|', "\\|"),
            profile.percent(charge.samples),
            profile.percent(charge.total)
        );
    }
    text.push('\n');
    text
}
