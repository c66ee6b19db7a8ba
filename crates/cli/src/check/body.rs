//! How the body came. In: what was seen of it. Out: findings.
//!
//! Next: `flow.rs`, `silence.rs`, `ids.rs`, `end.rs`, then `resume.rs`.

use super::between::Between;
use super::finding::Finding;
use super::watch::Seen;
use super::{end, flow, ids, silence};

/// `other` was open at the same time; a stream that is `finite` has an end on purpose.
pub(super) fn judge(
    seen: &Seen,
    other: Option<&Seen>,
    between: &Between,
    finite: bool,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = flow::first_byte(seen, between).into_iter().collect();
    findings.push(flow::flush(seen, between));
    if !finite {
        findings.extend([silence::keep_alive(seen), ids::ids(seen), ids::retry(seen)]);
    }
    findings.extend(ids::encoding(seen));
    findings.extend(end::end(seen, other, between, finite));
    findings
}

#[cfg(test)]
pub(super) mod tests;
