//! In: nothing. Out: what a delivery costs the hub, nchan and a bare loop of `send`.
//!
//! Next: `../serve/run.rs`, which measures; `matching.rs`.

use super::Method;
use super::part::Part;
use crate::median::median;
use crate::serve::engines::{HUBS, Role};
use crate::serve::report::{self, nginx};
use crate::serve::{process, run, scan};

const SUBSCRIBERS: usize = 4_000;

pub(super) fn measure(method: Method) -> Result<Part, String> {
    process::pin(method.cores.load)?;
    let each = run::Method {
        cores: method.cores,
        runs: method.runs,
        time: method.time,
    };
    let row = run::row(SUBSCRIBERS, &HUBS, each)?;
    let mut tables = String::new();
    report::figures(&mut tables, &row);
    let mut part = Part::new("delivery", "Deliveries of the hub")
        .how(format!(
            "events with {} bytes of data to {SUBSCRIBERS} subscribers over loopback; the server on one core, the load on \
             the other; {:?} for each mode; median (spread) of {} runs, the servers taking turns",
            scan::DATA, each.time, each.runs
        ))
        .how("CPU: microseconds on a processor, of all threads of the server, for one delivery; ratios within a round")
        .how(nginx().unwrap_or_else(|| "nginx ?".to_owned()))
        .tables(&tables)
        .charts(report::charts(std::slice::from_ref(&row)));
    let floor = row
        .timing("epoll")
        .ok_or("the bare loop was not measured")?;
    for ours in row
        .timings
        .iter()
        .filter(|timing| timing.engine.role == Role::Ours)
    {
        let rounds = ours.runs.iter().zip(&floor.runs);
        let ratios = rounds.map(|(ours, floor)| ours.modes[0].cpu / floor.modes[0].cpu);
        let what = format!(
            "CPU a delivery, one in flight ÷ a bare loop's: {}",
            ours.engine.name
        );
        part = part.at_most(what, median(ratios), 1.3, Some(1.15));
    }
    Ok(part)
}
