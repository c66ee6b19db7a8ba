//! Whether the stream is kept alive. In: what was seen of a body. Out: a finding.
//!
//! Next: `end.rs`, about streams that silence ended.

use std::time::Duration;

use super::finding::Finding;
use super::watch::Seen;
use super::words::longer;
use crate::text::seconds;

const CHECK: &str = "keep-alive";

/// The longest silence that most proxies bear.
const BORNE: Duration = Duration::from_secs(30);

/// Servers that send something after 15 s of silence would have done so.
const TELLING: Duration = Duration::from_secs(17);

/// A silence that the server ended by itself tells something from here on.
const KEPT: Duration = Duration::from_secs(8);

/// Comments that come less than this apart were sent together.
const AT_ONCE: Duration = Duration::from_millis(500);

/// A comment may come so much later than the ones before it.
const LATE: Duration = Duration::from_secs(1);

/// So many events and no longer silence: watching for longer would show the same.
const MANY: u64 = 8;
const BUSY: Duration = Duration::from_secs(2);

pub(super) fn keep_alive(seen: &Seen) -> Finding {
    let advice = "send a comment after 15 s of silence: proxies close what is silent, and a client that \
                  is gone is noticed only at the next write";
    let silence = seconds(seen.silence);
    if seen.silence > BORNE {
        return Finding::warning(CHECK, format!("nothing came for {silence}"), advice);
    }
    if let Some(interval) = seen
        .comment_interval
        .filter(|time| keeps_alive(*time, seen))
    {
        let what = format!("a comment at least every {}", seconds(interval));
        return Finding::ok(CHECK, what);
    }
    if seen.gap > KEPT && seen.silence <= TELLING.max(seen.gap) {
        let what = format!("something came after {} of silence", seconds(seen.gap));
        return Finding::ok(CHECK, what);
    }
    if seen.silence > TELLING {
        let what = format!("nothing came for {silence}, not even a comment");
        return Finding::note(CHECK, what, advice);
    }
    if seen.silence < BUSY && seen.event_count >= MANY {
        let what = format!("never silent for longer than {silence}: events come too often to tell");
        return Finding::note(CHECK, what, "");
    }
    let what = format!("the longest silence was {silence}: too short to tell");
    Finding::note(CHECK, what, longer(seen))
}

/// Comments of a greeting, which come together, do not; nor does what let a longer silence pass.
fn keeps_alive(interval: Duration, seen: &Seen) -> bool {
    interval > AT_ONCE && seen.silence <= interval + LATE
}

#[cfg(test)]
mod tests;
