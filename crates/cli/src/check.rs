//! `wellspring check`. In: a URL. Out: what a reviewer would say about the event stream there, as a
//! table or as JSON, and an exit code by it.
//!
//! Next: `check/asking.rs` says how the server is asked, `check/examine.rs` in which order,
//! `check/report.rs` prints; `check/through.rs` compares two ways.

mod asking;
mod between;
mod body;
mod buffering;
mod caches;
mod coding;
mod compare;
mod compression;
mod connect;
mod cors;
mod end;
mod examine;
mod finding;
mod flow;
mod head;
mod ids;
mod length;
mod page;
mod products;
mod progress;
mod report;
mod resume;
mod silence;
mod through;
mod versions;
mod watch;
mod words;

use tokio::time::Instant;

use crate::args;
use crate::exit::Ending;
use crate::{reach, runtime};

use asking::Asking;
use examine::examine;
use finding::{Finding, Severity};
use progress::Progress;

pub(crate) fn run(args: &args::Check) -> Result<(), Ending> {
    let asking = Asking::new(args)?;
    if args.through.is_some() {
        return compare(args, &Asking::direct(args)?, &asking);
    }
    let runtime = runtime::on_this_thread()?;
    let started = Instant::now();
    let findings = runtime.block_on(async {
        let progress = Progress::start(args.time);
        let findings = examine(&asking, args.time).await;
        progress.end();
        findings
    });
    runtime.shutdown_background();
    let took = started.elapsed();
    report::print(args, &reach::shown(&asking.url), took, &findings)?;
    ending(args, &findings)
}

fn compare(args: &args::Check, direct: &Asking, through: &Asking) -> Result<(), Ending> {
    let runtime = runtime::on_this_thread()?;
    let started = Instant::now();
    let rows = runtime.block_on(async {
        let progress = Progress::start(args.time);
        let rows = through::compare(direct, through, args.time).await;
        progress.end();
        rows
    });
    runtime.shutdown_background();
    let took = started.elapsed();
    let urls = [&direct.url, &through.url].map(reach::shown);
    through::report::print(args, urls.each_ref().map(String::as_str), took, &rows)?;
    let findings: Vec<_> = rows.into_iter().map(|row| row.finding).collect();
    ending(args, &findings)
}

fn ending(args: &args::Check, findings: &[Finding]) -> Result<(), Ending> {
    let tolerated = if args.strict {
        Severity::Note
    } else {
        Severity::Warning
    };
    if report::worst(findings) > tolerated {
        return Err(Ending::found());
    }
    Ok(())
}
