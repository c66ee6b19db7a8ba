//! The account of a subscriber. In: what it gets. Out: what is wrong with that: by the ledger, or by the
//! server's own numbers.
//!
//! Next: `witness.rs`, `listener.rs`.

use super::connections::{Begin, Connections};
use super::ledger::Ledger;
use super::listener::{Listener, number_in};
use super::mark::{Mark, Reading};
use super::tally::Tally;
use super::witness::Witness;
use crate::args::Numbers;
use wellspring::EventRef;

#[derive(Debug)]
pub(super) enum Account {
    Published(Witness),
    Heard(Listener, Numbers),
}

/// What was published, and how its events are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Published<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) run: &'a str,
    pub(super) size: usize,
}

impl Account {
    pub(super) fn opened(&mut self, now: u32, begin: Begin) {
        match self {
            Self::Published(witness) => witness.opened(now, begin),
            Self::Heard(listener, _) => listener.opened(now, begin),
        }
    }

    /// The server says within a connection that events are gone.
    pub(super) fn gap(&mut self, now: u32) {
        match self {
            Self::Published(witness) => witness.gap(now),
            Self::Heard(listener, _) => listener.gap(now),
        }
    }

    pub(super) fn connections(&self) -> &Connections {
        match self {
            Self::Published(witness) => witness.connections(),
            Self::Heard(listener, _) => listener.connections(),
        }
    }

    /// When it was sent, if it is an event of this run, in microseconds.
    pub(super) fn event(&mut self, event: EventRef<'_>, published: Published<'_>) -> Option<u64> {
        match self {
            Self::Published(witness) => match published.read(event.data) {
                Reading::Own(mark) => {
                    witness.event(mark.topic, mark.number, published.ledger);
                    return Some(mark.sent);
                }
                Reading::Altered => witness.altered(),
                Reading::Foreign => witness.foreign(),
            },
            Self::Heard(listener, numbers) => {
                let number = match numbers {
                    Numbers::None => None,
                    Numbers::Id => number_in(event.last_event_id),
                    Numbers::Data => number_in(event.data),
                };
                match number {
                    Some(number) => listener.event(number),
                    None => listener.unnumbered(),
                }
            }
        }
        None
    }

    pub(super) fn is_complete(&self, ledger: &Ledger) -> bool {
        match self {
            Self::Published(witness) => witness.is_complete(ledger),
            Self::Heard(..) => true,
        }
    }

    pub(super) fn tally(&self, ledger: &Ledger) -> Tally {
        match self {
            Self::Published(witness) => witness.tally(ledger),
            Self::Heard(listener, _) => listener.tally(),
        }
    }
}

impl Published<'_> {
    fn read(self, data: &str) -> Reading {
        Mark::read(data, self.run, self.size)
    }
}
