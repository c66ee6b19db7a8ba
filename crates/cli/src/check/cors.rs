//! What pages of other origins may do. In: the head that such a page was answered with. Out: findings.
//!
//! Next: `versions.rs`.

use http::HeaderValue;

use super::finding::Finding;
use super::head::content_coding;
use super::watch::Head;

const CHECK: &str = "cors";

pub(super) fn judge(head: Option<&Head>, origin: &HeaderValue) -> Vec<Finding> {
    let Some(head) = head else {
        let what = "a second request, as of a page, was not answered";
        let advice = "serve more than one stream at a time";
        return vec![Finding::warning(CHECK, what, advice)];
    };
    let mut findings = vec![access(head, &String::from_utf8_lossy(origin.as_bytes()))];
    findings.extend(compression(head));
    findings
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

/// Browsers ask for it, so a server or a proxy may well do it for them alone.
fn compression(head: &Head) -> Option<Finding> {
    let coding = content_coding(&head.headers)?;
    Some(Finding::warning(
        "compression",
        format!("browsers get it compressed ({coding})"),
        "make sure that each event is flushed through the compressor, or take the stream out of it",
    ))
}

#[cfg(test)]
mod tests;
