//! Cuts. In: how many a second. Out: connections of subscribers chosen at random that end: at once, or
//! in the middle of what comes next.
//!
//! Next: `cut.rs`.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use wellspring::Handle;

use super::cut::Blade;
use super::run::{Run, up};

/// Shorter pauses between cuts are shared by several.
const SHORTEST: Duration = Duration::from_millis(2);
/// No pause is longer; several of them may pass without a cut.
const LONGEST: Duration = Duration::from_secs(60);

/// What a subscriber's connection is cut with.
pub(super) struct Target {
    pub(super) handle: Handle,
    pub(super) blade: Arc<Blade>,
}

/// Cuts for as long as it is polled.
pub(super) async fn cut(run: &Run, targets: &[Target], per_second: f64, seed: u64) -> Infallible {
    if per_second <= 0.0 {
        return pending().await;
    }
    let mut random = fastrand::Rng::with_seed(seed);
    let pause = Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(LONGEST);
    let pause = pause.clamp(SHORTEST, LONGEST);
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut owed = 0.0;
    loop {
        ticks.tick().await;
        owed += per_second * pause.as_secs_f64();
        while owed >= 1.0 {
            owed -= 1.0;
            let target = &targets[random.usize(0..targets.len())];
            match random.bool() {
                true => target.handle.restart(),
                false => target.blade.cut(),
            }
            up(&run.counters.cuts);
        }
    }
}
