//! The result of a run. In: its accounts and counters. Out: whether that is as it should be.
//!
//! Next: `report.rs` prints it.

use std::time::Duration;

use super::process::Usage;
use super::run::{Run, read};
use super::tally::{Fault, Tally};
use crate::args::{self, Publishing};

/// The result of a run, for a report.
pub(super) struct Findings<'a> {
    pub(super) args: &'a args::Load,
    /// Without secrets.
    pub(super) url: &'a str,
    pub(super) run: &'a Run,
    pub(super) tally: Tally,
    /// How long it took in all.
    pub(super) took: Duration,
    /// How long there was publishing, or listening.
    pub(super) active: Duration,
    pub(super) usage: Option<Usage>,
}

impl Findings<'_> {
    pub(super) fn is_sound(&self) -> bool {
        self.problems().is_empty() && self.tally.is_clean(self.args.strict)
    }

    /// What is wrong besides the events.
    pub(super) fn problems(&self) -> Vec<String> {
        let counters = &self.run.counters;
        let mut problems = Vec::new();
        if self.args.publish != Publishing::None && read(&counters.answered) == 0 {
            problems.push("no publish was answered with success: nothing was checked".to_owned());
        }
        if self.args.publish == Publishing::None && read(&counters.delivered) == 0 {
            problems.push("no event came: nothing was checked".to_owned());
        }
        let without_id = read(&counters.without_id);
        if self.args.publish != Publishing::None && without_id > 0 {
            problems.push(format!(
                "{without_id} connections could not resume, because the events before had no id: what was \
                 published meanwhile was not checked"
            ));
        }
        let failed = read(&counters.failed);
        if failed > 0 {
            problems.push(format!("{failed} subscribers ended before the run did"));
        }
        problems
    }

    /// On average, while there was publishing.
    pub(super) fn per_second(&self, events: u64) -> f64 {
        events as f64 / self.active.as_secs_f64().max(0.001)
    }
}

/// As one word, for programs.
pub(super) fn key(fault: Fault) -> &'static str {
    match fault {
        Fault::Lost => "lost",
        Fault::UnseenGap => "unseen_gap",
        Fault::Doubled => "doubled",
        Fault::OutOfOrder => "out_of_order",
        Fault::Leaked => "leaked",
        Fault::NotAskedFor => "not_asked_for",
        Fault::RefusedButSent => "refused_but_sent",
        Fault::Altered => "altered",
        Fault::ToldGap => "told_gap",
    }
}
