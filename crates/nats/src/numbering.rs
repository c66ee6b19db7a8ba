//! Which messages of the stream are records, in which epoch, and under which number. In: the stream's own
//! positions. Out: dense numbers. Pure.
//!
//! Positions only ever grow, even where the newest messages are taken back; numbers go on behind the last
//! one that is kept. So each epoch has a range of positions, and what it is ahead of its numbers.
//!
//! The whole of it is kept in the description of the stream, so that it lives and dies with the stream.
//!
//! Next: `description.rs` for the text.

use wellspring_broker::{Epoch, Fork, Lineage, MAX_FORKS};

/// The epochs of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbering {
    /// Oldest first.
    pub(crate) past: Vec<Past>,
    pub(crate) epoch: Epoch,
    pub(crate) begin: Begin,
}

/// An epoch that has ended. If another one took back all of it, `from` is behind `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Past {
    pub(crate) epoch: Epoch,
    pub(crate) from: u64,
    pub(crate) until: u64,
    pub(crate) ahead: u64,
}

/// Where the epoch in force begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    At {
        from: u64,
        ahead: u64,
    },
    /// With the first message that is appended in it, which follows the record with this number.
    Behind {
        last: u64,
    },
}

impl Numbering {
    /// A stream whose positions are the numbers.
    pub(crate) fn new(epoch: Epoch) -> Self {
        Self {
            past: Vec::new(),
            epoch,
            begin: Begin::At { from: 1, ahead: 0 },
        }
    }

    pub(crate) fn lineage(&self) -> Lineage {
        let past = self.past.iter();
        let forks = past.map(|past| Fork::new(past.epoch, past.until.saturating_sub(past.ahead)));
        Lineage::with_past(forks.collect(), self.epoch)
    }

    /// Nothing has been appended in the epoch in force, and the newest message has this position.
    pub(crate) fn settle(&mut self, newest: u64) {
        if let Begin::Behind { last } = self.begin {
            self.begin = Begin::At {
                from: newest.saturating_add(1),
                ahead: newest.saturating_sub(last),
            };
        }
    }

    /// From, until, ahead; oldest first.
    fn ranges(&self) -> impl DoubleEndedIterator<Item = (u64, u64, u64)> {
        let past = self.past.iter();
        let past = past.map(|past| (past.from, past.until, past.ahead));
        let current = match self.begin {
            Begin::At { from, ahead } => Some((from, u64::MAX, ahead)),
            Begin::Behind { .. } => None,
        };
        past.chain(current)
    }

    /// The number of the message at this position, if it is a record.
    pub(crate) fn number(&self, position: u64) -> Option<u64> {
        let mut ranges = self.ranges();
        let found = ranges.find(|(from, until, _)| (*from..=*until).contains(&position));
        found.and_then(|(_, _, ahead)| position.checked_sub(ahead))
    }

    /// The position of the record with this number, also of one that is still to come.
    pub(crate) fn position(&self, number: u64) -> Option<u64> {
        let mut ranges = self.ranges();
        ranges.find_map(|(from, until, ahead)| {
            let position = number.checked_add(ahead)?;
            (from..=until).contains(&position).then_some(position)
        })
    }

    /// The number of the newest record where the newest message is at this position; 0 if there is none.
    pub(crate) fn newest(&self, position: u64) -> u64 {
        let mut ranges = self.ranges().rev();
        let newest = ranges.find_map(|(from, until, ahead)| {
            let last = until.min(position);
            (from <= last).then(|| last.saturating_sub(ahead))
        });
        newest.unwrap_or(0)
    }

    /// Ends the epoch in force behind this record. What stands behind it in the stream belongs to the next
    /// one, under the same numbers.
    pub(crate) fn fork(&self, last: u64, next: Epoch) -> Self {
        let ahead = self.ahead_at(last);
        let mut forked = self.ended(last, next);
        forked.begin = Begin::At {
            from: last.saturating_add(ahead).saturating_add(1),
            ahead,
        };
        forked
    }

    /// Ends the epoch in force behind this record, and takes back what stands behind it.
    pub(crate) fn cut(&self, last: u64, next: Epoch) -> Self {
        let mut cut = self.ended(last, next);
        cut.begin = Begin::Behind { last };
        cut
    }

    fn ahead_at(&self, number: u64) -> u64 {
        let position = self.position(number).unwrap_or(number);
        position.saturating_sub(number)
    }

    fn ended(&self, last: u64, next: Epoch) -> Self {
        let mut past = self.past.clone();
        if let Begin::At { from, ahead } = self.begin {
            past.push(Past {
                epoch: self.epoch,
                from,
                until: last.saturating_add(ahead),
                ahead,
            });
        }
        for range in &mut past {
            range.until = range.until.min(last.saturating_add(range.ahead));
        }
        past.drain(..past.len().saturating_sub(MAX_FORKS));
        Self {
            past,
            epoch: next,
            begin: self.begin,
        }
    }
}

#[cfg(test)]
mod tests;
