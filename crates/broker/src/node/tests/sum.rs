//! What has happened in a simulation.

use std::ops::AddAssign;

#[derive(Debug, Default)]
pub(super) struct Sum {
    pub(super) delivered: u64,
    pub(super) woken: u64,
    pub(super) gaps: u64,
    pub(super) older: u64,
    pub(super) rewritten: u64,
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.woken += other.woken;
        self.gaps += other.gaps;
        self.older += other.older;
        self.rewritten += other.rewritten;
    }
}
