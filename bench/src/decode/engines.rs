//! In: the pieces of a corpus. Out: the totals an engine finds in them. One file an engine; each says which
//! interface it uses and why that is the fastest fair one.
//!
//! The same for all: `prepare` is not timed, what it returns is timed once. A decoder is made anew for each
//! timing. Each event goes through `black_box` and its three strings are measured with `Totals::add`; what an
//! engine owns, it drops. The global allocator is the system's.
//!
//! Next: `run.rs`, which times them.

mod eventsource_stream;
mod memchr;
mod poll;
mod sse_core;
mod sse_stream;
mod sseer;
#[cfg(test)]
mod tests;
mod wellspring;

use super::chunks::Chunks;
use super::corpus::Totals;
use std::fmt;
pub(crate) use wellspring_report::chart::Role;

/// What an engine found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Events(Totals),
    Newlines(u64),
}

/// Work that is ready to be timed.
pub(crate) type Timed<'a> = Box<dyn FnOnce() -> Found + 'a>;

/// One decoder behind one interface.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) prepare: for<'a> fn(&'a Chunks<'_>) -> Timed<'a>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("name", &self.name)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Their names, for the command line.
pub(crate) const NAMES: [&str; ALL.len()] = {
    let mut names = [""; ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = ALL[at].name;
        at += 1;
    }
    names
};

/// All engines, in the order of the report.
pub(crate) const ALL: [Engine; 8] = [
    wellspring::LENT,
    wellspring::BATCH,
    wellspring::OWNED,
    sse_core::ENGINE,
    sse_stream::ENGINE,
    sseer::ENGINE,
    eventsource_stream::ENGINE,
    memchr::ENGINE,
];
