use super::*;
use crate::check::finding::Severity;
use http::{HeaderMap, HeaderValue, StatusCode, Version};

pub(in crate::check) fn head(headers: &[(&'static str, &str)]) -> Head {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, HeaderValue::try_from(*value).unwrap());
    }
    Head {
        status: StatusCode::OK,
        version: Version::HTTP_11,
        headers: map,
        hops: Vec::new(),
        https: false,
        after: Duration::from_millis(3),
    }
}

const GOOD: [(&str, &str); 3] = [
    ("content-type", "text/event-stream"),
    ("cache-control", "no-cache, no-transform"),
    ("x-accel-buffering", "no"),
];

fn judge_alone(head: &Head) -> Vec<Finding> {
    judge(head, &Between::of([head], None))
}

fn severity(findings: &[Finding], check: &str) -> Severity {
    let found = findings.iter().find(|finding| finding.check == check);
    found.unwrap_or_else(|| panic!("no {check}")).severity
}

#[test]
fn a_good_head_has_nothing_to_say() {
    let findings = judge_alone(&head(&GOOD));
    assert!(
        findings.iter().all(|found| found.severity == Severity::Ok),
        "{findings:?}"
    );
}

#[test]
fn each_header_is_judged() {
    for (name, value, check, expected) in [
        ("content-type", "text/html", "type", Severity::Error),
        (
            "content-type",
            "text/event-stream;charset=UTF-8",
            "type",
            Severity::Ok,
        ),
        (
            "content-type",
            "text/event-stream; charset=latin1",
            "type",
            Severity::Error,
        ),
        (
            "content-type",
            "text/event-stream; charset=utf8",
            "type",
            Severity::Error,
        ),
        ("content-encoding", "none", "coding", Severity::Note),
        ("content-encoding", "gzip", "coding", Severity::Error),
    ] {
        let mut headers: Vec<_> = GOOD.into_iter().filter(|(good, _)| *good != name).collect();
        headers.push((name, value));
        let findings = judge_alone(&head(&headers));
        assert_eq!(severity(&findings, check), expected, "{name}: {value}");
        let others = findings.iter().filter(|finding| finding.check != check);
        assert!(
            others.clone().all(|found| found.severity == Severity::Ok),
            "{findings:?}"
        );
    }
    assert_eq!(severity(&judge_alone(&head(&[])), "type"), Severity::Error);
}

#[test]
fn a_status_that_opens_nothing_is_all_there_is_to_say() {
    for status in [204, 301, 401, 404, 405, 406, 418, 429, 500, 503] {
        let mut head = head(&GOOD);
        head.status = StatusCode::from_u16(status).unwrap();
        let findings = judge_alone(&head);
        assert_eq!(findings[0].severity, Severity::Error, "{status}");
        assert!(findings[0].advice.is_some());
    }
}

#[test]
fn redirects_and_slowness_are_told() {
    let mut slow = head(&GOOD);
    slow.after = Duration::from_secs(5);
    slow.hops = vec![(StatusCode::MOVED_PERMANENTLY, "https://a/".to_owned())];
    let findings = judge_alone(&slow);
    assert_eq!(severity(&findings, "head"), Severity::Warning);
    assert_eq!(severity(&findings, "redirects"), Severity::Note);
    let advice = |head: &Head| redirects(head).unwrap().advice.unwrap();
    assert_eq!(advice(&slow), "use that URL");
    slow.hops.push((StatusCode::FOUND, "https://b/".to_owned()));
    assert!(advice(&slow).contains("differs"));
}
