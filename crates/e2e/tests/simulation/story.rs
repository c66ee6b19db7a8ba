//! What happened. In: a word for each happening. Out: how often each did, and, for a single seed, the whole
//! story as it goes.
//!
//! Next: `main.rs`, which wants all of it to have happened.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What a run of many seeds must have had.
const HAPPENINGS: &[&str] = &[
    "answer 200",
    "answer 204",
    "answer 404",
    "answer 503",
    "answer with another MIME type",
    "attempts exhausted",
    "bytes late",
    "closed by the program",
    "connection left over",
    "cut after an id",
    "cut anywhere",
    "cut before a blank line",
    "cut in a character",
    "cut in a line end",
    "cut in the head",
    "end of body",
    "permanent error",
    "gap after a resume",
    "gap of a slow reader",
    "half-open",
    "idle",
    "late stimulus",
    "reconnected at once",
    "reconnected by policy",
    "redirect",
    "redirects without end",
    "refused",
    "restart with all its history",
    "restart with part of its history",
    "restart without history",
    "started again",
    "time exhausted",
];

pub(crate) struct Story {
    aloud: bool,
    counts: BTreeMap<&'static str, u64>,
    pub(crate) events: u64,
}

impl Story {
    pub(crate) fn new(aloud: bool) -> Self {
        Self {
            aloud,
            counts: BTreeMap::new(),
            events: 0,
        }
    }

    /// Something happened to a source, or to the server.
    pub(crate) fn tell(&mut self, now: Duration, who: &dyn fmt::Display, what: &'static str) {
        debug_assert!(HAPPENINGS.contains(&what), "{what:?} is not on the list");
        if self.aloud {
            println!("{now:>12?} {who}: {what}");
        }
        *self.counts.entry(what).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.events += other.events;
        for (what, count) in &other.counts {
            *self.counts.entry(what).or_default() += count;
        }
    }

    /// A property of what never happens is not tested.
    pub(crate) fn assert_all_happened(&self, least: u64) {
        for what in HAPPENINGS {
            let count = self.counts.get(what).copied().unwrap_or(0);
            assert!(count >= least, "{what:?} happened {count} times: too rare");
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} events judged", self.events)?;
        for (what, count) in &self.counts {
            write!(f, "; {what} {count}")?;
        }
        Ok(())
    }
}
