//! In: nothing. Out: what a subscriber that waits costs the hub and nchan, in a new process and after a storm of heads
//! that were sent by half.
//!
//! Next: `../serve/storm.rs`, which measures; `delivery.rs`.

use super::Method;
use super::part::Part;
use crate::record::Record;
use crate::serve::engines::{HUBS, Role};
use crate::serve::report::nginx;
use crate::serve::{process, storm};

const SUBSCRIBERS: usize = 10_000;
const HALVES: usize = 6_000;

pub(super) fn measure(method: Method) -> Result<Part, String> {
    process::pin(method.cores.load)?;
    let storm = storm::Method {
        cores: method.cores,
        runs: method.runs.div_ceil(2),
        subscribers: SUBSCRIBERS,
        halves: HALVES,
    };
    let mut all = Vec::new();
    for engine in HUBS {
        let figures = storm::measure(&engine, storm);
        all.push(figures.map_err(|why| format!("{}: {why}", engine.name))?);
    }
    let mut tables = Record::of(String::new(), Vec::new(), Vec::new());
    storm::table(&mut tables, &all);
    tables.line("");
    let mut part = Part::new("memory", "Memory of a subscriber of the hub that waits")
        .how(format!(
            "{SUBSCRIBERS} subscribers over HTTP/1.1, in a new process and after {HALVES} clients that sent half a head \
             and went; medians of {} runs; peak: the most that was resident during the storm, above what was before",
            storm.runs
        ))
        .how(nginx().unwrap_or_else(|| "nginx ?".to_owned()))
        .tables(&tables.text)
        .charts(storm::charts(&all, storm));
    for figures in all
        .iter()
        .filter(|figures| figures.engine.role == Role::Ours)
    {
        let what = format!(
            "KiB an idle subscriber, new or after: {}",
            figures.engine.name
        );
        part = part.at_most(what, figures.idle.max(figures.after), 2.0, Some(0.9));
    }
    Ok(part)
}
