//! The order of the connections. In: how the server is asked, and until when. Out: findings.
//!
//! Next: `watch.rs` sees, `head.rs`, `body.rs`, `cors.rs`, `versions.rs` and `resume.rs` judge.

use std::time::Duration;

use tokio::time::Instant;
use wellspring::fetch::FetchError;

use super::asking::Asking;
use super::finding::{Finding, Severity};
use super::watch::{Head, Watch};
use super::{body, cors, head, resume, versions};

/// Of the time there is, this part is for the first connection when it is resumed later.
const FIRST_PART: f64 = 0.6;

pub(super) async fn examine(asking: &Asking, deadline: Instant) -> Vec<Finding> {
    let budget = deadline - Instant::now();
    let (watched, as_page, versions) = tokio::join!(
        watch_first(asking, deadline, budget),
        head_for_page(asking, deadline),
        versions::other(asking, deadline),
    );
    let mut first = match watched {
        Ok(first) => first,
        Err(error) => return vec![head::unreachable(error.as_ref(), budget)],
    };
    let mut findings = head::judge(&first.head);
    if findings
        .iter()
        .all(|found| found.severity < Severity::Error)
    {
        let resumption = resume::try_it(asking, &mut first, deadline).await;
        findings.extend(body::judge(&first.seen));
        findings.push(resumption);
    }
    findings.extend(cors::judge(as_page.as_ref(), &asking.origin));
    findings.extend(versions::judge(&first.head, &versions));
    findings
}

async fn head_for_page(asking: &Asking, deadline: Instant) -> Option<Head> {
    let watch = asking.watch(asking.request_of_page(), deadline).await;
    watch.ok().map(|watch| watch.head)
}

/// The first connection, watched as long as there is something to learn.
async fn watch_first(
    asking: &Asking,
    deadline: Instant,
    budget: Duration,
) -> Result<Watch, Option<FetchError>> {
    let mut first = asking.watch(asking.request(), deadline).await?;
    if !head::is_event_stream(&first.head) {
        return Ok(first);
    }
    let started = Instant::now();
    let brief = started + budget.mul_f64(FIRST_PART / 3.0);
    let with_ids = started + budget.mul_f64(FIRST_PART);
    first
        .watch_until(deadline, |seen, now| {
            let ids = seen.own_ids();
            (ids > 0 && now >= with_ids) || (ids >= 8 && seen.reads >= 3 && now >= brief)
        })
        .await;
    Ok(first)
}
