//! Whether what browsers get compressed still flows. In: the first connection, which is not compressed,
//! and that of the page. Out: a finding, if there is anything to say.
//!
//! Next: `between.rs`.

use std::time::Duration;

use super::between::Between;
use super::coding;
use super::finding::Finding;
use super::page::Page;
use super::watch::Watch;
use super::words::count;
use crate::text::seconds;

const CHECK: &str = "compression";

/// One connection may lag behind the other.
const LAG: Duration = Duration::from_secs(1);

/// A single read that only one connection had tells something after so long.
const LONG: Duration = Duration::from_secs(5);

/// `several`: more than one connection got events at the same time.
pub(super) fn judge(
    first: &Watch,
    page: &Page,
    between: &Between,
    several: bool,
) -> Option<Finding> {
    let Some(watch) = &page.watch else {
        return unanswered(page, between);
    };
    if watch.head.status != 200 {
        return None;
    }
    let coding = coding::compressed(&watch.head.headers);
    let missed = missed(first, watch);
    match (coding, missed) {
        (Some(coding), Some((reads, silence))) => Some(stalled(&coding, reads, silence, between)),
        (Some(coding), None) if watch.seen.gzip_files > 1 => Some(in_files(&coding, watch)),
        (Some(coding), None) if watch.seen.reads > 1 => {
            let what = format!(
                "browsers get it compressed ({coding}), and it flows: {}",
                count(watch.seen.reads, "piece")
            );
            Some(Finding::ok(CHECK, what))
        }
        (Some(coding), None) => {
            let what =
                format!("browsers get it compressed ({coding}); too little came to tell more");
            Some(at_fault(Finding::note, what, between))
        }
        (None, Some((reads, silence))) if several && watch.seen.reads == 0 => {
            let what = format!(
                "browsers, which ask for compression, got nothing for {} while {} came without",
                seconds(silence),
                count(reads, "piece")
            );
            Some(at_fault(Finding::error, what, between))
        }
        (None, Some((reads, silence))) => {
            let what = format!(
                "a second connection, as of a page, got nothing for {} while the first got {}",
                seconds(silence),
                count(reads, "piece")
            );
            let advice = "send every event to each connection, if several may read";
            Some(Finding::note("page", what, advice))
        }
        (None, None) => None,
    }
}

fn stalled(coding: &str, reads: usize, silence: Duration, between: &Between) -> Finding {
    let what = format!(
        "browsers get it compressed ({coding}), and it stalls: nothing came for {} while {} came \
         without compression",
        seconds(silence),
        count(reads, "piece")
    );
    at_fault(Finding::error, what, between)
}

/// What is wrong may be the compression of a product.
fn at_fault(
    finding: impl Fn(&'static str, String, &str) -> Finding,
    what: String,
    between: &Between,
) -> Finding {
    let remedy = between.compressed();
    let finding = finding(CHECK, what, &remedy.advice).on(remedy.basis);
    finding.because(between.rests_on())
}

/// Valid gzip, of which most readers take the first file.
fn in_files(coding: &str, watch: &Watch) -> Finding {
    let what = format!(
        "browsers get it compressed ({coding}), as {} one after the other: Chromium, Firefox and \
         curl read the first and then nothing",
        count(watch.seen.gzip_files, "gzip file")
    );
    let advice = "compress it as one gzip file that is flushed after each event, or not at all\n\
                  if it is Django: GZipMiddleware does so to asynchronous streams; give the response \
                  a Content-Encoding of its own, such as identity";
    Finding::error(CHECK, what, advice)
}

/// Not answered with compression, but answered without.
fn unanswered(page: &Page, between: &Between) -> Option<Finding> {
    page.uncompressed.as_ref()?;
    let what = "browsers, which ask for compression, get no answer, not even the head; without \
                Accept-Encoding it comes at once";
    Some(at_fault(Finding::error, what.to_owned(), between))
}

/// What the first connection got after the page had its last byte, and for how long the page has had
/// nothing: if that is more than chance.
fn missed(first: &Watch, page: &Watch) -> Option<(usize, Duration)> {
    let watched_until = page.started + page.seen.time;
    let silence = watched_until.saturating_duration_since(page.last_byte);
    if page.seen.end.is_some() || silence < 2 * LAG {
        return None;
    }
    let reads = first.seen.arrivals_after(page.last_byte + LAG);
    let late = first.seen.arrivals_after(watched_until - LAG);
    let reads = reads.saturating_sub(late);
    let is_telling = reads > 1 || (reads == 1 && silence > LONG);
    is_telling.then_some((reads, silence))
}
