//! What the head of the response says. In: a head. Out: findings.
//!
//! Next: `body.rs`.

use std::time::Duration;

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, HeaderName};
use wellspring::fetch::{self, FetchError, essence};

use super::finding::Finding;
use super::watch::Head;
use super::words::count;
use crate::text::seconds;

/// A head that takes longer is remarked on.
const SLOW: Duration = Duration::from_secs(2);

/// No response at all; without an error there was no time for one.
pub(super) fn unreachable(error: Option<&FetchError>, time: Duration) -> Finding {
    match error {
        Some(error) => Finding::error("connect", error.to_string(), ""),
        None => Finding::error(
            "connect",
            format!("no response within {}", seconds(time)),
            "send the head at once, and not together with the first event",
        ),
    }
}

/// The codings of the body, whether or not the client of this build could undo them.
pub(super) fn content_coding(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(CONTENT_ENCODING).into_iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let codings = values.flat_map(|value| value.split(',')).map(str::trim);
    let codings: Vec<_> = codings
        .filter(|coding| !(coding.is_empty() || coding.eq_ignore_ascii_case("identity")))
        .collect();
    (!codings.is_empty()).then(|| codings.join(", ").to_ascii_lowercase())
}

/// Whether there is anything to watch.
pub(super) fn is_event_stream(head: &Head) -> bool {
    let plain = content_coding(&head.headers).is_none();
    head.status == 200 && plain && fetch::is_event_stream(&head.headers)
}

pub(super) fn judge(head: &Head) -> Vec<Finding> {
    let mut findings = vec![status(head)];
    if !head.status.is_success() {
        return findings;
    }
    findings.extend(redirects(head));
    findings.extend([mime_type(head), coding(head), latency(head), cache(head)]);
    findings.extend(served_from_cache(head));
    findings.push(buffering(head));
    findings.extend(length(head));
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
        405 => "the stream has to answer GET",
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
    if !fetch::is_event_stream(&head.headers) {
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
        None | Some("utf-8" | "utf8") => Finding::ok("type", shown),
        Some(_) => Finding::error(
            "type",
            shown,
            "event streams are UTF-8 whatever is said here, and Chromium refuses others; leave charset out",
        ),
    }
}

fn coding(head: &Head) -> Finding {
    match content_coding(&head.headers) {
        None => Finding::ok("coding", "not compressed where that is not wanted"),
        Some(coding) => Finding::error(
            "coding",
            format!("Content-Encoding: {coding}, though only identity was asked for"),
            "take the stream out of compression, or heed Accept-Encoding",
        ),
    }
}

fn latency(head: &Head) -> Finding {
    let what = format!("the head came after {}", seconds(head.after));
    if head.after < SLOW {
        return Finding::ok("head", what);
    }
    let advice = "send the head at once: until then nobody knows whether the stream is open";
    Finding::warning("head", what, advice)
}

fn cache(head: &Head) -> Finding {
    let Some(value) = head.header("cache-control") else {
        let advice = "send Cache-Control: no-cache, no-transform: a cache may keep the stream, a proxy \
                      may compress and so delay it";
        return Finding::warning("cache", "no Cache-Control", advice);
    };
    let what = format!("Cache-Control: {value}");
    let lower = value.to_ascii_lowercase();
    let has = |directive: &str| {
        let mut directives = lower.split(',').map(str::trim);
        directives.any(|found| found.split('=').next() == Some(directive))
    };
    if !has("no-cache") && !has("no-store") {
        let advice = "add no-cache: caches may answer with an old stream";
        return Finding::warning("cache", what, advice);
    }
    if !has("no-transform") {
        let advice = "add no-transform, so that no proxy compresses the stream and so delays it";
        return Finding::note("cache", what, advice);
    }
    Finding::ok("cache", what)
}

fn served_from_cache(head: &Head) -> Option<Finding> {
    let age = head.header("age").filter(|age| age.trim() != "0");
    let age = age.map(|age| format!("Age: {age}"));
    let names = [
        "x-cache",
        "cf-cache-status",
        "x-cache-status",
        "cache-status",
    ];
    let hit = names.iter().find_map(|name| {
        let value = head.header(name)?;
        let is_hit = value.to_ascii_lowercase().contains("hit");
        is_hit.then(|| format!("{name}: {value}"))
    });
    let what = hit.or(age)?;
    let advice = "this came out of a cache; exclude the URL there, and send no-store";
    Some(Finding::warning("cached", what, advice))
}

fn buffering(head: &Head) -> Finding {
    const CHECK: &str = "buffering";
    let accel = head.header("x-accel-buffering");
    if accel.is_some_and(|value| value.eq_ignore_ascii_case("no")) {
        return Finding::ok(CHECK, "X-Accel-Buffering: no");
    }
    let advice = "send X-Accel-Buffering: no, which nginx and proxies like it heed";
    let between = [HeaderName::from_static("via"), http::header::SERVER];
    let between = between.iter().find_map(|name| {
        let value = head.header(name.as_str())?;
        let lower = value.to_ascii_lowercase();
        let is_proxy =
            name.as_str() == "via" || lower.contains("nginx") || lower.contains("openresty");
        is_proxy.then(|| format!("{name}: {value}"))
    });
    match between {
        Some(between) => {
            let what = format!("{between}, and no X-Accel-Buffering: no");
            Finding::warning(CHECK, what, advice)
        }
        None => Finding::note(CHECK, "no X-Accel-Buffering", advice),
    }
}

fn length(head: &Head) -> Option<Finding> {
    let length = head.header("content-length")?;
    let advice = "a stream has no length; something has collected the whole of it before sending";
    let what = format!("Content-Length: {length}");
    Some(Finding::warning("length", what, advice))
}

#[cfg(test)]
pub(super) mod tests;
