//! What pages of other origins may do. In: what came of a page's request. Out: a finding.
//!
//! Next: `versions.rs`.

use http::HeaderValue;

use super::finding::Finding;
use super::page::Page;
use super::watch::Head;

const CHECK: &str = "cors";

pub(super) fn judge(page: &Page, origin: &HeaderValue) -> Finding {
    let origin = String::from_utf8_lossy(origin.as_bytes());
    match (page.head(), &page.error) {
        (Some(head), _) if head.status == 200 => access(head, &origin),
        (Some(head), _) => refused(head, &origin),
        (None, Some(error)) => {
            let what = format!(
                "a second request, as of a page, failed: {}",
                crate::words::of(error)
            );
            Finding::warning(CHECK, what, "serve more than one stream at a time")
        }
        (None, None) => {
            let what = "a second request, as of a page, was not answered while the first was open";
            Finding::warning(CHECK, what, "serve more than one stream at a time")
        }
    }
}

fn refused(head: &Head, origin: &str) -> Finding {
    let status = head.status;
    if matches!(status.as_u16(), 409 | 423 | 429 | 503) {
        let what = format!("a second request, as of a page, was answered with {status}");
        let advice =
            "right where a session has one stream; otherwise serve more than one at a time";
        return Finding::note(CHECK, what, advice).because("the first connection was still open");
    }
    let what = format!("a request as of a page of {origin} was answered with {status}");
    Finding::note(CHECK, what, "if such pages should read it, answer 200")
}

fn access(head: &Head, origin: &str) -> Finding {
    let credentials = head.header("access-control-allow-credentials");
    let credentials = credentials.is_some_and(|value| value == "true");
    let Some(allowed) = head.header("access-control-allow-origin") else {
        let advice = "if they should, send Access-Control-Allow-Origin";
        return Finding::note(CHECK, "pages of other origins cannot read it", advice);
    };
    let varies = head.header("vary").is_some_and(|vary| {
        let mut names = vary.split(',').map(str::trim);
        names.any(|name| name == "*" || name.eq_ignore_ascii_case("origin"))
    });
    match allowed.as_str() {
        "*" if credentials => Finding::warning(
            CHECK,
            "any origin, with credentials: browsers refuse the two together",
            "name the origin, or leave Access-Control-Allow-Credentials out",
        ),
        "*" => Finding::ok(
            CHECK,
            "pages of any origin can read it, without credentials",
        ),
        allowed if allowed == origin && !varies => Finding::warning(
            CHECK,
            format!("pages of {origin} can read it, and the answer does not say that it varies"),
            "send Vary: Origin, or a cache will answer one page with another's permission",
        ),
        allowed if allowed == origin && credentials => Finding::note(
            CHECK,
            format!("pages of {origin} can read it as their visitor"),
            "make sure that not every origin is allowed: try --origin with one that should not be",
        ),
        allowed if allowed == origin => {
            Finding::ok(CHECK, format!("pages of {origin} can read it"))
        }
        allowed => Finding::note(
            CHECK,
            format!("pages of {allowed} can read it, those of {origin} cannot"),
            "",
        ),
    }
}

#[cfg(test)]
mod tests;
