use super::super::super::finding::Severity;
use super::super::super::head::tests::head as head_of;
use super::*;

const STREAM: (&str, &str) = ("content-type", "text/event-stream");

fn changed(direct: &[(&'static str, &str)], through: &[(&'static str, &str)]) -> Vec<Row> {
    let with_type = |more: &[(&'static str, &str)]| {
        let mut all = vec![STREAM];
        all.extend(more.iter().map(|(name, value)| (*name, *value)));
        head_of(&all).headers
    };
    headers(&with_type(direct), &with_type(through))
}

#[test]
fn each_header_that_differs_has_a_row() {
    let direct = [("x-accel-buffering", "no"), ("date", "now"), ("etag", "a")];
    let through = [("via", "1.1 proxy"), ("date", "then"), ("etag", "b")];
    let rows = changed(&direct, &through);
    let texts: Vec<_> = rows
        .iter()
        .map(|row| (&*row.direct, &*row.through))
        .collect();
    assert_eq!(
        texts,
        [
            ("etag: a", "etag: b"),
            ("via: -", "via: 1.1 proxy"),
            ("x-accel-buffering: no", "x-accel-buffering: -"),
        ]
    );
    assert!(
        rows.iter()
            .all(|row| row.finding.severity == Severity::Note)
    );
}

#[test]
fn a_header_that_matters_is_judged() {
    let no_cache = ("cache-control", "no-cache");
    for (direct, through, expected) in [
        (&[no_cache][..], &[][..], Severity::Warning),
        (
            &[no_cache],
            &[("cache-control", "max-age=60")],
            Severity::Warning,
        ),
        (
            &[no_cache],
            &[("cache-control", "no-store")],
            Severity::Note,
        ),
        (&[], &[("content-encoding", "gzip")], Severity::Error),
        (&[], &[("content-length", "100")], Severity::Warning),
        (
            &[("access-control-allow-origin", "*")],
            &[],
            Severity::Warning,
        ),
    ] {
        let rows = changed(direct, through);
        assert_eq!(rows[0].finding.severity, expected, "{through:?}");
    }
    let html = head_of(&[("content-type", "text/html")]).headers;
    let rows = headers(&head_of(&[STREAM]).headers, &html);
    assert_eq!(rows[0].finding.severity, Severity::Error);
}
