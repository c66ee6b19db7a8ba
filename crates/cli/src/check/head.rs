//! What the head of the response says. In: a head. Out: findings.
//!
//! Next: `caches.rs`, `buffering.rs`, `body.rs`.

use std::time::Duration;

use wellspring::fetch::rules::{self, essence};

use super::between::Between;
use super::coding;
use super::finding::Finding;
use super::watch::Head;
use super::words::count;
use crate::text::seconds;

/// A head that takes longer is remarked on.
const SLOW: Duration = Duration::from_secs(2);

/// Whether there is anything to watch.
pub(super) fn is_event_stream(head: &Head) -> bool {
    let plain = coding::compressed(&head.headers).is_none();
    head.status == 200 && plain && rules::is_event_stream(&head.headers)
}

pub(super) fn judge(head: &Head, between: &Between) -> Vec<Finding> {
    let mut findings = vec![status(head)];
    if !head.status.is_success() {
        return findings;
    }
    findings.extend(redirects(head));
    findings.extend([mime_type(head), content_coding(head)]);
    findings.push(latency(head, between));
    findings
}

fn status(head: &Head) -> Finding {
    let status = head.status;
    let advice = match status.as_u16() {
        200 => return Finding::ok("status", "200"),
        204 => "204 tells every event source to stop for good; answer 200 to go on",
        300..=399 => "a redirect needs a Location that can be followed",
        401 | 403 => "give credentials: -u NAME:PASSWORD or -H 'Authorization: …'",
        404 | 410 => "check the path of the URL",
        405 => {
            "a page's event source asks with GET: the stream has to answer that (-d and -X ask otherwise)"
        }
        406 => "accept requests for text/event-stream",
        429 => "an event source of the standard does not come back after this",
        500.. => {
            "an event source of the standard does not come back after this; see the server's log"
        }
        _ => "only 200 opens an event source",
    };
    Finding::error("status", status.to_string(), advice)
}

fn redirects(head: &Head) -> Option<Finding> {
    let (last, rest) = head.hops.split_last()?;
    let permanent = rest.iter().chain([last]);
    let permanent = permanent
        .clone()
        .all(|(status, _)| matches!(status.as_u16(), 301 | 308));
    let advice = if permanent {
        "use that URL"
    } else {
        "where clients reconnect to differs between browsers: redirect as little as possible"
    };
    let what = format!("{} to {}", count(head.hops.len(), "redirect"), last.1);
    Some(Finding::note("redirects", what, advice))
}

fn mime_type(head: &Head) -> Finding {
    let content_type = head.header("content-type");
    let shown = content_type.as_deref().unwrap_or("no Content-Type");
    if !rules::is_event_stream(&head.headers) {
        let found = essence(&head.headers);
        let what = found.map_or_else(|| shown.to_owned(), |found| found.to_string());
        let advice = "send Content-Type: text/event-stream; nothing else opens an event source";
        return Finding::error("type", what, advice);
    }
    let lower = shown.to_ascii_lowercase();
    let charset = lower.split(';').skip(1).find_map(|parameter| {
        let charset = parameter.trim().strip_prefix("charset=")?;
        Some(charset.trim_matches('"').to_owned())
    });
    match charset.as_deref() {
        None | Some("utf-8") => Finding::ok("type", shown),
        Some("utf8") => Finding::error(
            "type",
            shown,
            "write charset=utf-8, or leave it out: Chromium refuses this spelling",
        ),
        Some(_) => Finding::error(
            "type",
            shown,
            "event streams are UTF-8 whatever is said here, and Chromium refuses others; leave charset out",
        ),
    }
}

fn content_coding(head: &Head) -> Finding {
    const CHECK: &str = "coding";
    if let Some(coding) = coding::compressed(&head.headers) {
        return Finding::error(
            CHECK,
            format!("Content-Encoding: {coding}, though only identity was asked for"),
            "take the stream out of compression, or heed Accept-Encoding",
        );
    }
    match coding::unknown(&head.headers) {
        None => Finding::ok(CHECK, "not compressed, as asked"),
        Some(word) => Finding::note(
            CHECK,
            format!("Content-Encoding: {word} names no coding: browsers read the body as it is"),
            "leave the header out, since clients other than browsers may refuse it; \
             Cache-Control: no-transform keeps some of what compresses away",
        ),
    }
}

fn latency(head: &Head, between: &Between) -> Finding {
    let what = format!("the head came after {}", seconds(head.after));
    if head.after < SLOW {
        return Finding::ok("head", what);
    }
    let remedy = between.held_back().after("send the head at once");
    let finding = Finding::warning("head", what, &remedy.advice).on(remedy.basis);
    finding.because(between.rests_on())
}

#[cfg(test)]
pub(super) mod tests;
