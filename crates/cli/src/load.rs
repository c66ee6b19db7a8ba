//! `wellspring load`. In: a URL, and what traffic to make. Out: what the server lost, doubled, sent out
//! of order or to the wrong subscriber; how fast it was; and an exit code by that.
//!
//! Next: `load/plan.rs` makes sense of the arguments, `load/stage.rs` carries it out, `load/witness.rs`
//! judges, `load/report.rs` prints.

mod account;
mod connections;
mod coverage;
mod cut;
mod cutter;
mod files;
mod findings;
mod latency;
mod ledger;
mod line;
mod listener;
mod mark;
mod plan;
mod process;
mod progress;
mod publisher;
mod publishing;
mod report;
mod rights;
mod run;
mod selectors;
mod stage;
mod stream;
mod subscriber;
mod tally;
mod token;
mod witness;

use std::sync::Arc;
use std::time::Duration;

use crate::args::{self, Publishing};
use crate::exit::Ending;
use crate::{reach, runtime};

use findings::Findings;
use plan::Plan;
use process::Watcher;
use run::Run;

/// Numbers and times are kept in small fields: a run ends before they are full.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The most data that the clients here take in an event, in bytes. What is larger would count as lost.
const LARGEST: usize = 16 << 20;

pub(crate) fn run(args: &args::Load) -> Result<(), Ending> {
    if args.seconds > LONGEST {
        return Err(Ending::usage("--seconds: a week at most"));
    }
    if args.size > LARGEST {
        return Err(Ending::usage("--size: 16M at most"));
    }
    let plan = Plan::new(args)?;
    let watcher = args.pid.as_ref().map(Watcher::new).transpose();
    let watcher = watcher.map_err(Ending::usage)?;
    files::make_room(plan.connections())?;
    let numbers = (args.publish == Publishing::None).then_some(args.numbers);
    let (name, topics) = (plan.name.clone(), plan.topics.clone());
    let run = Arc::new(Run::new(name, topics, args.size, &plan.parts, numbers));
    let runtime = runtime::on_all_processors()?;
    let measured = runtime.block_on(stage::perform(&plan, &run, watcher));
    runtime.shutdown_background();
    let measured = measured?;
    let findings = Findings {
        args,
        url: &reach::shown(&plan.stream),
        run: &run,
        tally: run.tally(),
        took: run.now(),
        active: measured.active,
        usage: measured.usage,
    };
    report::print(&findings)?;
    match findings.is_sound() {
        true => Ok(()),
        false => Err(Ending::found()),
    }
}
