//! What the process holds. In: `/proc`. Out: open descriptors and resident memory.
//!
//! Next: `main.rs`, which wants both flat.

use std::fs;
use std::time::Duration;

use wellspring_server::Channel;

use crate::PATIENCE;

/// How much more memory may be resident: what allocators and threads keep, and less than a KiB for each of the
/// disconnects of a soak.
const SLACK: u64 = 8 * 1024;

/// How many more descriptors may be open: sources that share a connection may now have one each.
const SPARE: usize = 8;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    pub(crate) descriptors: usize,
    /// In KiB.
    pub(crate) resident: u64,
}

impl Usage {
    /// Once nobody is connected but those who should be, and what was closed is gone.
    pub(crate) async fn settled(channel: &Channel, subscribers: usize) -> Self {
        let settle = async {
            let mut before = usize::MAX;
            loop {
                tokio::time::sleep(Duration::from_millis(300)).await;
                let descriptors = descriptors();
                if channel.subscriber_count() == subscribers && descriptors == before {
                    return;
                }
                before = descriptors;
            }
        };
        let settled = tokio::time::timeout(PATIENCE, settle).await;
        let subscribed = channel.subscriber_count();
        assert!(
            settled.is_ok(),
            "{subscribed} subscribers instead of {subscribers}"
        );
        Self {
            descriptors: descriptors(),
            resident: resident(),
        }
    }

    pub(crate) fn assert_flat(self, after: Self) {
        assert!(
            after.descriptors <= self.descriptors + SPARE,
            "{self:?} became {after:?}"
        );
        assert!(
            after.resident <= self.resident + SLACK,
            "{self:?} became {after:?}"
        );
    }
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kib.and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
