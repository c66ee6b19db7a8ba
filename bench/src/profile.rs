//! In: the decoder, the client or the server. Out: what it spends its time on: flame graphs, and tables of who
//! takes most. The benchmarks' own engines run, as they are measured, under `perf record`; it looks a thousand times
//! a second where the program is, by the CPU's clock, which works on machines that have no counters.
//!
//! Next: `profile/subjects.rs` (what runs), `profile/perf.rs` (under what), `profile/names.rs` and
//! `profile/stacks.rs` (what it saw),
//! `profile/flame.rs` and `profile/report.rs` (what it comes to).

mod flame;
mod names;
mod perf;
mod report;
mod stacks;
mod subjects;

use self::subjects::Subject;
use crate::machine::Machine;
use crate::record::write;
use std::time::Duration;

/// See what the decoder, the client and the server spend their time on. It takes Linux and perf.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only these.
    #[arg(value_enum)]
    subjects: Vec<Subject>,
    /// How long each runs.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Writes tables and flame graphs to `bench/record/`; it takes all of them.
    #[arg(long)]
    record: bool,
}

pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    if arguments.record && !arguments.subjects.is_empty() {
        return Err("--record is of all of them: name none".to_owned());
    }
    perf::is_there()?;
    let time = Duration::from_secs(arguments.seconds);
    let machine = Machine::look();
    let mut text = report::heading(&machine, time);
    for subject in subjects::ALL {
        if !arguments.subjects.is_empty() && !arguments.subjects.contains(&subject.of) {
            continue;
        }
        eprintln!("{}", subject.name);
        let profile = subject.profile(time)?;
        let name = format!("profile-{}", subject.name);
        let picture = match arguments.record {
            true => machine.record(&name).with_extension("svg"),
            false => std::env::temp_dir().join(format!("{name}.svg")),
        };
        write(&picture, &flame::svg(subject.about, &profile))?;
        eprintln!("{}", picture.display());
        text.push_str(&report::section(subject.about, &picture, &profile));
    }
    println!("{text}");
    if arguments.record {
        let path = machine.record("profile");
        write(&path, &text)?;
        println!("recorded in {}", path.display());
    }
    Ok(true)
}
