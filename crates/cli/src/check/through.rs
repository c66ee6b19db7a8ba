//! `wellspring check URL --through URL`. In: how the stream is asked for, direct and through what stands in
//! between. Out: what the way between changes, a row for each thing that was compared.
//!
//! One event source reads each, side by side; a second pair asks as pages do, about compression.
//! Next: `through/head.rs`, `through/events.rs`, `through/end.rs` judge, `through/report.rs` prints.

mod end;
mod events;
mod head;
mod pairs;
pub(super) mod report;
mod row;

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;
use wellspring::fetch::FetchError;

use super::asking::Asking;
use super::between::Between;
use super::finding::Finding;
use super::page::{Pace, Page};
use super::watch::{Head, Watch};
use super::{compression, connect};
use crate::text::seconds;
use row::Row;

/// When one stream has ended, the other has so long to end too.
const LATER: Duration = Duration::from_secs(2);

/// Of both: the head and what was seen; the error is `None` when there was no time left.
struct Seen {
    direct: Result<Watch, Option<FetchError>>,
    through: Result<Watch, Option<FetchError>>,
    pages: [Page; 2],
}

pub(super) async fn compare(direct: &Asking, through: &Asking, budget: Duration) -> Vec<Row> {
    let seen = watch(direct, through, Instant::now() + budget).await;
    let (first, second) = match (&seen.direct, &seen.through) {
        (Ok(first), Ok(second)) => (first, second),
        (first, second) => {
            let answers = [answer(first, budget), answer(second, budget)];
            return vec![unanswered(through, first.is_ok(), second, answers).await];
        }
    };
    let between = between(&first.head, &second.head, through.proxy.clone());
    let mut rows = head::rows(first, second, &between);
    if first.is_stream() && second.is_stream() {
        rows.extend(events::rows(first, second, &between));
        rows.extend(compressed([first, second], &seen.pages, &between));
        rows.push(end::row(first, second, &between));
    }
    rows
}

async fn watch(direct: &Asking, through: &Asking, deadline: Instant) -> Seen {
    let (over, pace) = ([Cell::new(None), Cell::new(None)], Pace::default());
    let mut pages = [Page::default(), Page::default()];
    let [page, other] = &mut pages;
    let side = async |asking: &Asking, own: usize| {
        let watched = read(asking, deadline, &over[1 - own]).await;
        over[own].set(Some(Instant::now()));
        pace.is_done
            .set(over.iter().all(|over| over.get().is_some()));
        watched
    };
    let as_page = async |page: &mut Page, asking: &Asking| {
        // What is not safe to repeat is sent once on each way.
        if !asking.is_once() {
            page.watch(asking, deadline, &pace).await;
        }
    };
    let (first, second, (), ()) = tokio::join!(
        side(direct, 0),
        side(through, 1),
        as_page(page, direct),
        as_page(other, through),
    );
    Seen {
        direct: first,
        through: second,
        pages,
    }
}

/// Reads one stream until the deadline, or until the other one has been over for a while.
async fn read(
    asking: &Asking,
    deadline: Instant,
    other: &Cell<Option<Instant>>,
) -> Result<Watch, Option<FetchError>> {
    let mut watch = asking.watch(asking.request(), deadline).await?;
    let is_late = |now: Instant| other.get().is_some_and(|over| now > over + LATER);
    watch.watch_until(deadline, |_, now| is_late(now)).await;
    Ok(watch)
}

/// What stands between: what the head says that the server itself does not say.
fn between(direct: &Head, through: &Head, proxy: Option<String>) -> Between {
    let mut added = through.clone();
    for (name, value) in &direct.headers {
        if through.headers.get(name) == Some(value) {
            added.headers.remove(name);
        }
    }
    Between::of([&added], proxy)
}

fn answer(watched: &Result<Watch, Option<FetchError>>, budget: Duration) -> String {
    match watched {
        Ok(watch) => format!("{} after {}", watch.head.status, seconds(watch.head.after)),
        Err(Some(error)) => crate::words::of(error),
        Err(None) => format!("no response within {}", seconds(budget)),
    }
}

async fn unanswered(
    through: &Asking,
    is_answered: bool,
    second: &Result<Watch, Option<FetchError>>,
    answers: [String; 2],
) -> Row {
    const CHECK: &str = "connect";
    let [direct, other] = answers;
    let finding = match (is_answered, second) {
        (true, Err(Some(_))) => {
            let what = "the way between does not lead to the stream";
            Finding::error(
                CHECK,
                what,
                "see whether both URLs are right, and what the proxy logs",
            )
        }
        (true, Err(None)) => {
            let mut finding = connect::late(through, CHECK).await;
            "the way between keeps even the head".clone_into(&mut finding.what);
            finding
        }
        _ => Finding::error(
            CHECK,
            "the stream itself cannot be read, so there is nothing to compare with",
            "give the URL of the server itself first",
        ),
    };
    Row::new(finding, direct, other)
}

/// What pages get, which ask for compression.
fn compressed(watches: [&Watch; 2], pages: &[Page; 2], between: &Between) -> Option<Row> {
    const CHECK: &str = "compression";
    let texts = [&pages[0], &pages[1]].map(|page| match (&page.watch, &page.uncompressed) {
        (Some(watch), _) => {
            let coding = super::coding::compressed(&watch.head.headers);
            coding.unwrap_or_else(|| "none".to_owned())
        }
        (None, Some(_)) => "no answer".to_owned(),
        (None, None) => "not known".to_owned(),
    });
    let judged = compression::judge(watches[0], &pages[0], &Between::default(), false);
    let is_error = |found: &Finding| found.severity == super::finding::Severity::Error;
    let is_new = !judged.as_ref().is_some_and(is_error);
    let worse = compression::judge(watches[1], &pages[1], between, false).filter(is_error);
    let finding = match worse.filter(|_| is_new) {
        Some(finding) => finding,
        None if texts[0] == "not known" || texts[1] == "not known" => return None,
        None if texts[0] == texts[1] => Finding::ok(CHECK, ""),
        None => Finding::note(
            CHECK,
            "what browsers get is compressed on the way, or no longer",
            "",
        ),
    };
    let [direct, through] = texts;
    Some(Row::new(finding, direct, through))
}
