//! Whether proxies are asked not to collect the stream. In: a head, and whether events came through.
//! Out: a finding. What really was held back is for `flow.rs` to say.
//!
//! Next: `between.rs`.

use super::between::Between;
use super::finding::{Basis, Finding};
use super::watch::Head;

const CHECK: &str = "buffering";

pub(super) fn judge(head: &Head, between: &Between, events_flow: bool) -> Finding {
    let accel = head.header("x-accel-buffering");
    if accel.is_some_and(|value| value.eq_ignore_ascii_case("no")) {
        return Finding::ok(CHECK, "X-Accel-Buffering: no");
    }
    let advice = "send X-Accel-Buffering: no: nginx heeds it";
    let Some(line) = between.line_of("nginx") else {
        return Finding::note(CHECK, "no X-Accel-Buffering", advice);
    };
    // It acts on the header and does not pass it on.
    let what = "nginx keeps X-Accel-Buffering to itself, so it cannot be seen from here";
    let (what, advice) = if events_flow {
        (format!("{what}; events come through"), "")
    } else {
        (what.to_owned(), advice)
    };
    Finding::note(CHECK, what, advice)
        .because(line)
        .on(Basis::Header)
}

#[cfg(test)]
mod tests;
