//! What was found. In: faults, each with its place. Out: how many of each there are, and some places.
//!
//! Next: `witness.rs` counts one subscriber's, `report.rs` prints all.

/// More places of a fault are not kept.
pub(super) const MAX_PLACES: usize = 5;

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Did not come, though the subscriber was connected when it was published.
    Lost,
    /// Was left out when the subscriber resumed, and the server said nothing.
    UnseenGap,
    /// Came again.
    Doubled,
    /// Came behind a later one of its topic.
    OutOfOrder,
    /// Is private, and the subscriber's token does not cover it.
    Leaked,
    /// Came though no selector of the subscriber matches its topic.
    NotAskedFor,
    /// Came though its publish was refused.
    RefusedButSent,
    /// Is not what was published.
    Altered,
    /// Was left out when the subscriber resumed, and the server said so.
    ToldGap,
}

impl Fault {
    pub(super) const ALL: [Self; 9] = [
        Self::Lost,
        Self::UnseenGap,
        Self::Doubled,
        Self::OutOfOrder,
        Self::Leaked,
        Self::NotAskedFor,
        Self::RefusedButSent,
        Self::Altered,
        Self::ToldGap,
    ];
}

/// Where a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) subscriber: u32,
    pub(super) topic: u32,
    /// The numbers of the events, from this one
    pub(super) first: u64,
    /// to this one, not necessarily all of them.
    pub(super) last: u64,
}

/// One fault, in sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Deliveries: an event that two subscribers miss counts twice.
    pub(super) events: u64,
    /// How many places they are at; of a gap, how many gaps.
    pub(super) places: u64,
    pub(super) some: Vec<Place>,
}

/// What one subscriber, or all of them, have got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    faults: [Count; Fault::ALL.len()],
    /// Events of this run that came.
    pub(super) received: u64,
    /// Of other publishers and other runs.
    pub(super) foreign: u64,
    /// Did not come and were not owed: the subscriber had no place to resume from.
    pub(super) not_owed: u64,
    /// Gaps that were reported although nothing is missing.
    pub(super) needless: u64,
}

impl Tally {
    pub(super) fn add(&mut self, fault: Fault, events: u64, place: Place) {
        let count = &mut self.faults[fault as usize];
        count.events += events;
        count.places += 1;
        if count.some.len() < MAX_PLACES {
            count.some.push(place);
        }
    }

    pub(super) fn count(&self, fault: Fault) -> &Count {
        &self.faults[fault as usize]
    }

    /// Whether everything is as it should be. A gap that was reported counts as a fault only if `strict`.
    pub(super) fn is_clean(&self, strict: bool) -> bool {
        let faults = Fault::ALL.into_iter();
        let mut counted = faults.filter(|fault| strict || *fault != Fault::ToldGap);
        counted.all(|fault| self.count(fault).events == 0)
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (own, other) in self.faults.iter_mut().zip(&other.faults) {
            own.events += other.events;
            own.places += other.places;
            let room = MAX_PLACES - own.some.len();
            own.some.extend(other.some.iter().take(room));
        }
        self.received += other.received;
        self.foreign += other.foreign;
        self.not_owed += other.not_owed;
        self.needless += other.needless;
    }
}
