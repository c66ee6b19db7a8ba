//! The order of the connections. In: how the server is asked, and until when. Out: findings.
//!
//! The first connection is alone until its head is there: some servers allow no second one. It then
//! stays open to the end, while a page's request and one with a last event ID are made beside it.
//! Next: `watch.rs` sees; `head.rs`, `length.rs`, `caches.rs`, `buffering.rs`, `body.rs`, `resume.rs`,
//! `compression.rs`, `cors.rs` and `versions.rs` judge.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::asking::Asking;
use super::between::Between;
use super::finding::{Finding, Severity};
use super::page::{Pace, Page};
use super::resume::{self, Tried};
use super::watch::{Head, Seen, Watch};
use super::{body, buffering, caches, compression, connect, cors, flow, head, length, versions};

/// Of the time there is, this part is for the first connection before it is resumed.
const FIRST_PART: f64 = 0.6;

/// A stream that was silent for so long is watched to the end of the time: something may cut it off.
const QUIET: Duration = Duration::from_secs(2);

/// So much later, at most, a second connection is ended by the same timeout.
const TOGETHER: Duration = Duration::from_secs(1);

/// A silence is counted from the last byte, and so ends a little later than the time that was given.
const LATER: f64 = 0.05;

pub(super) async fn examine(asking: &Asking, budget: Duration) -> Vec<Finding> {
    let deadline = Instant::now() + budget;
    let mut first = match asking.watch(asking.request(), deadline).await {
        Ok(first) => first,
        Err(error) => return connect::judge(asking, error, budget).await,
    };
    if asking.is_once() {
        return once(asking, first, deadline).await;
    }
    let https = first.head.https;
    let mut page = Page::default();
    let (pace, plan) = (Pace::default(), Plan::new(deadline, budget));
    let watch = async {
        let tried = plan.carry_out(asking, &mut first, &pace).await;
        pace.is_done.set(true);
        tried
    };
    let (tried, (), other) = tokio::join!(
        watch,
        page.watch(asking, plan.end(), &pace),
        versions::other(asking, https, deadline),
    );
    let seen = Examined {
        between: between(asking, &first, &page, tried.as_ref()),
        first,
        page,
        tried,
        other,
    };
    let mut findings = seen.judge();
    findings.push(cors::judge(&seen.page, &asking.origin));
    findings.extend(versions::judge(&seen.first.head, seen.other.as_ref()));
    findings
}

/// When each thing is done.
struct Plan {
    /// The first connection may be resumed from here on, if it has many ids.
    brief: Instant,
    /// And here if it has any.
    with_ids: Instant,
    deadline: Instant,
    later: Duration,
}

impl Plan {
    fn new(deadline: Instant, budget: Duration) -> Self {
        let started = deadline - budget;
        Self {
            brief: started + budget.mul_f64(FIRST_PART / 3.0),
            with_ids: started + budget.mul_f64(FIRST_PART),
            deadline,
            later: budget.mul_f64(LATER).min(Duration::from_secs(3)),
        }
    }

    /// The end of all watching.
    fn end(&self) -> Instant {
        self.deadline + self.later
    }

    async fn carry_out(&self, asking: &Asking, first: &mut Watch, pace: &Pace) -> Option<Tried> {
        if !head::is_event_stream(&first.head) {
            return None;
        }
        first
            .watch_until(self.deadline, |seen, now| {
                let ids = seen.own_ids();
                (ids > 0 && now >= self.with_ids)
                    || (ids >= 8 && seen.reads >= 3 && now >= self.brief)
            })
            .await;
        let tried = resume::try_it(asking, first, self.deadline).await;
        let is_lively = |seen: &Seen, now| {
            seen.silence < QUIET && now >= self.brief && !pace.may_be_stalled.get()
        };
        first.watch_until(self.deadline, is_lively).await;
        if first.last_byte.elapsed() > QUIET {
            first.watch_until(self.end(), |_, _| false).await;
        }
        let end = first.seen.end.as_ref();
        if end.is_some_and(|end| end.silence > QUIET) {
            // What ended it ends the page's connection too, which began later.
            sleep(TOGETHER).await;
        }
        Some(tried)
    }
}

/// A request that may not be repeated: one connection tells what it can.
async fn once(asking: &Asking, mut first: Watch, deadline: Instant) -> Vec<Finding> {
    if head::is_event_stream(&first.head) {
        first.watch_until(deadline, |_, _| false).await;
    }
    let between = between(asking, &first, &Page::default(), None);
    let mut findings = head::judge(&first.head, &between);
    if is_worth_watching(&findings) {
        findings.push(caches::allowed(&first.head));
        let flowing = flow::is_flowing(&first.seen);
        findings.push(buffering::judge(&first.head, &between, flowing));
        findings.extend(length::judge(&first.head, &first.seen, &between));
        findings.extend(body::judge(&first.seen, None, &between, true));
    }
    findings.iter_mut().for_each(tolerate);
    let what = format!(
        "{} is sent once: resumption, pages and other versions were not tried",
        asking.method
    );
    findings.push(Finding::note("once", what, ""));
    findings
}

/// An answer that is worked out first comes late, its length may be known, and no cache keeps it.
fn tolerate(finding: &mut Finding) {
    if ["head", "length", "first-byte", "cache"].contains(&finding.check) {
        finding.severity = finding.severity.min(Severity::Note);
    }
}

struct Examined {
    between: Between,
    first: Watch,
    page: Page,
    tried: Option<Tried>,
    /// With the other version of HTTP.
    other: Option<Head>,
}

impl Examined {
    fn judge(&self) -> Vec<Finding> {
        let (first, between) = (&self.first, &self.between);
        let mut findings = head::judge(&first.head, between);
        if first.head.status.is_success() {
            findings.push(caches::allowed(&first.head));
            findings.extend(self.cached());
            let flowing = flow::is_flowing(&first.seen);
            findings.push(buffering::judge(&first.head, between, flowing));
        }
        if is_worth_watching(&findings) {
            findings.extend(length::judge(&first.head, &first.seen, between));
            let beside = self.page.watch.as_ref().filter(|watch| watch.is_stream());
            let beside = beside.map(|watch| &watch.seen);
            findings.extend(body::judge(&first.seen, beside, between, false));
            findings.extend(self.tried.as_ref().map(|tried| tried.finding.clone()));
        }
        let tried = self.tried.as_ref();
        let several = tried.is_some_and(|tried| tried.has_events);
        findings.extend(compression::judge(first, &self.page, between, several));
        findings
    }

    /// Answers that came out of a cache, whichever request they were for.
    fn cached(&self) -> Vec<Finding> {
        let page = self.page.watch.as_ref().map(|watch| &watch.head);
        let resumed = self.tried.as_ref().and_then(|tried| tried.head.as_ref());
        let heads = [
            (Some(&self.first.head), "the first request"),
            (page, "the request as of a page"),
            (resumed, "the request with Last-Event-ID"),
            (
                self.other.as_ref(),
                "the request with the other version of HTTP",
            ),
        ];
        let answers = heads
            .into_iter()
            .filter_map(|(head, request)| caches::answered(head?, request, &self.between));
        answers.collect()
    }
}

fn is_worth_watching(findings: &[Finding]) -> bool {
    findings
        .iter()
        .all(|found| found.severity < Severity::Error)
}

fn between(asking: &Asking, first: &Watch, page: &Page, tried: Option<&Tried>) -> Between {
    let resumed = tried.and_then(|tried| tried.head.as_ref());
    let heads: [Option<&Head>; 3] = [Some(&first.head), page.head(), resumed];
    Between::of(heads.into_iter().flatten(), asking.proxy.clone())
}
