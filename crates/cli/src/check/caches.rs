//! What caches may do with the stream, and what they did. In: heads. Out: findings.
//!
//! Next: `between.rs`.

use super::between::Between;
use super::finding::Finding;
use super::watch::Head;

/// Headers in which a cache says what it did. The standard's is `Cache-Status` (RFC 9211).
const STATUS: [&str; 4] = [
    "x-cache",
    "x-cache-status",
    "cf-cache-status",
    "cache-status",
];

/// What the server allows.
pub(super) fn allowed(head: &Head) -> Finding {
    const CHECK: &str = "cache";
    let Some(value) = head.header("cache-control") else {
        let advice = "send Cache-Control: no-cache: without it a cache may keep the stream and give \
                      the recording to others";
        return Finding::warning(CHECK, "no Cache-Control", advice);
    };
    let what = format!("Cache-Control: {value}");
    let lower = value.to_ascii_lowercase();
    let has = |directive: &str| {
        let mut directives = lower.split(',').map(str::trim);
        directives.any(|found| found.split('=').next() == Some(directive))
    };
    if !has("no-cache") && !has("no-store") {
        let advice = "add no-cache: caches may answer with an old stream";
        return Finding::warning(CHECK, what, advice);
    }
    if !has("no-transform") {
        let advice = "add no-transform: some of what compresses heeds it, such as HAProxy; nginx, \
                      Apache, Varnish and Caddy do not";
        return Finding::note(CHECK, what, advice);
    }
    Finding::ok(CHECK, what)
}

/// A head that came out of a cache; `request` says which one was answered so.
pub(super) fn answered(head: &Head, request: &str, between: &Between) -> Option<Finding> {
    let line = hit(head)?;
    let what = format!("a cache answered {request}: {line}");
    let remedy = between.cached();
    let finding = Finding::warning("cached", what, &remedy.advice).on(remedy.basis);
    Some(finding.because(between.rests_on()))
}

/// The header line that says that a cache answered.
pub(super) fn hit(head: &Head) -> Option<String> {
    let says_so = STATUS.iter().find_map(|name| {
        let value = head.header(name)?;
        let says_so = value.split(',').any(|status| is_hit(name, status));
        says_so.then(|| format!("{name}: {value}"))
    });
    let two_numbers = || {
        let value = head.header("x-varnish")?;
        // The number of this request, and that of the one that brought what is in the cache.
        (value.split_whitespace().count() > 1).then(|| format!("x-varnish: {value}"))
    };
    let old = || {
        let value = head.header("age")?;
        let seconds: u64 = value.trim().parse().ok()?;
        (seconds > 0).then(|| format!("age: {value}"))
    };
    says_so.or_else(two_numbers).or_else(old)
}

/// `HIT from host`, `TCP_MEM_HIT`, `"name"; hit`, and not `MISS from hit.example`.
fn is_hit(name: &str, status: &str) -> bool {
    let is_hit = |word: &str| word.eq_ignore_ascii_case("hit");
    if name == "cache-status" {
        return status.split(';').skip(1).any(|word| is_hit(word.trim()));
    }
    let word = status.split_whitespace().next().unwrap_or_default();
    word.split(['_', '-', '/', ':']).any(is_hit)
}

#[cfg(test)]
mod tests;
