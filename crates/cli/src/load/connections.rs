//! The connections of one subscriber. In: when each was opened, and how. Out: why an event that was
//! published, and has not come, is missing.
//!
//! Next: `witness.rs` asks.

use super::stream::Hole;

/// How a connection began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// Without a last event ID: what was published before is not owed.
    Fresh,
    /// Behind the event that came last.
    Resumed,
    /// Likewise, and the server said that events in between are gone.
    Gap,
}

/// Why an event is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The subscriber had no connection, and no place to resume from.
    NotOwed,
    /// The server said so, when this connection began.
    Told(u32),
    /// It was published before a connection that resumed: the server left it out and said nothing.
    Unseen,
    /// It was published while a connection was open, and did not come.
    Lost,
}

#[derive(Debug, Default)]
pub(super) struct Connections {
    /// When each was opened, in milliseconds since the run began.
    all: Vec<(u32, Begin)>,
    /// Whether an event came over the last one.
    has_event: bool,
}

impl Connections {
    pub(super) fn opened(&mut self, now: u32, begin: Begin) {
        self.all.push((now, begin));
        self.has_event = false;
    }

    /// An event came.
    pub(super) fn event(&mut self) {
        self.has_event = true;
    }

    /// The server says within a connection that events are gone. In front of its first event that is how
    /// it began; later it is as if there were another one. Whether that is new.
    pub(super) fn gap(&mut self, now: u32) -> bool {
        match self.all.last_mut() {
            Some((_, begin)) if !self.has_event => {
                let is_new = *begin == Begin::Resumed;
                if is_new {
                    *begin = Begin::Gap;
                }
                is_new
            }
            Some(_) => {
                self.opened(now, Begin::Gap);
                true
            }
            None => false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The number of the last one; 0 as long as there is none.
    pub(super) fn last(&self) -> u32 {
        u32::try_from(self.all.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// When the last one was opened; `None` as long as there is none.
    pub(super) fn opened_last(&self) -> Option<u32> {
        self.all.last().map(|(opened, _)| *opened)
    }

    /// The numbers of those that began with a gap.
    pub(super) fn gaps(&self) -> impl Iterator<Item = u32> {
        let numbered = (0..).zip(&self.all);
        numbered.filter_map(|(number, (_, begin))| (*begin == Begin::Gap).then_some(number))
    }

    /// Why an event of this hole is missing that was sent at this time, if that is known.
    pub(super) fn fate(&self, hole: Hole, sent: Option<u32>) -> Fate {
        let behind = |opened: u32| sent.is_none_or(|sent| opened >= sent);
        let (before, after) = (hole.before as usize, hole.after as usize);
        let first = if sent.is_some() { 0 } else { before + 1 };
        let until_after = self.all.get(..=after).unwrap_or(&self.all);
        let earlier = until_after.get(first..).unwrap_or_default();
        let mut earlier = earlier.iter();
        if earlier.any(|(opened, begin)| *begin == Begin::Fresh && behind(*opened)) {
            return Fate::NotOwed;
        }
        let mut fate = Fate::Lost;
        for (number, (opened, begin)) in (0..).zip(until_after).skip(before + 1) {
            match begin {
                Begin::Gap if behind(*opened) => return Fate::Told(number),
                _ if behind(*opened) => fate = Fate::Unseen,
                _ => {}
            }
        }
        fate
    }
}

#[cfg(test)]
mod tests;
