//! What has happened in simulations.

use std::fmt;
use std::ops::AddAssign;

#[derive(Debug, Default)]
pub(crate) struct Sum {
    pub(crate) delivered: u64,
    /// Subscribers that read while the engine was ahead of the node, and were behind it themselves.
    pub(crate) ahead: u64,
    /// Trims that left nothing of what the node had.
    pub(crate) beyond: u64,
    pub(crate) gaps: u64,
    pub(crate) lagged: u64,
    pub(crate) resumed: u64,
    /// Places that could not be judged, for the node was behind for too long.
    pub(crate) refused: u64,
    /// Events that the node never saw.
    pub(crate) holes: u64,
}

impl Sum {
    fn counts(&self) -> [(&'static str, u64); 8] {
        [
            ("delivered", self.delivered),
            ("reads behind a node that was behind", self.ahead),
            ("trims of all that a node had", self.beyond),
            ("gaps", self.gaps),
            ("too slow", self.lagged),
            ("resumed", self.resumed),
            ("refused for now", self.refused),
            ("holes", self.holes),
        ]
    }

    pub(crate) fn assert_all_happened(&self, least: u64) {
        for (what, count) in self.counts() {
            assert!(count >= least, "{what}: {count} is less than {least}");
        }
    }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.ahead += other.ahead;
        self.beyond += other.beyond;
        self.gaps += other.gaps;
        self.lagged += other.lagged;
        self.resumed += other.resumed;
        self.refused += other.refused;
        self.holes += other.holes;
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts().map(|(what, count)| format!("{count} {what}"));
        f.write_str(&counts.join(", "))
    }
}
