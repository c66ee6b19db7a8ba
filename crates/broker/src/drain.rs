//! The end of a node's subscriptions, spread over a time. In: how long it may take. Out: subscriptions
//! that end, evenly.
//!
//! Next: back to `broker.rs`.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::sleep;

use crate::end::End;
use crate::shared::Shared;

/// How long a step takes, at least.
const STEP: Duration = Duration::from_millis(50);

pub(crate) async fn drain(shared: &Shared, within: Duration) {
    shared.draining.store(true, Ordering::Relaxed);
    let mut keys = shared.node().reader_keys();
    // Those that came together should not leave together.
    fastrand::shuffle(&mut keys);
    let steps = within.as_millis() / STEP.as_millis();
    let steps = usize::try_from(steps).unwrap_or(usize::MAX).max(1);
    let each = keys.len().div_ceil(steps).max(1);
    let steps = u32::try_from(keys.len().div_ceil(each)).unwrap_or(u32::MAX);
    let pause = within / steps.max(1);
    for (step, some) in keys.chunks(each).enumerate() {
        if step > 0 {
            sleep(pause).await;
        }
        for key in some {
            let waker = shared.node().end(*key, End::Drained);
            waker.into_iter().for_each(std::task::Waker::wake);
        }
    }
}
