use super::super::finding::Severity;
use super::super::head::tests::head;
use super::*;

#[test]
fn each_permission_is_judged() {
    let (allow, credentials) = (
        "access-control-allow-origin",
        ("access-control-allow-credentials", "true"),
    );
    let vary = ("vary", "accept, origin");
    let page = "https://page.test";
    for (headers, expected) in [
        (vec![], Severity::Note),
        (vec![(allow, "*")], Severity::Ok),
        (vec![(allow, "*"), credentials], Severity::Warning),
        (vec![(allow, page)], Severity::Warning),
        (vec![(allow, page), vary], Severity::Ok),
        (vec![(allow, page), vary, credentials], Severity::Note),
        (vec![(allow, "https://other.test")], Severity::Note),
    ] {
        let found = judge(
            Some(&head(&headers)),
            &HeaderValue::from_static("https://page.test"),
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, expected, "{headers:?}");
    }
}

#[test]
fn what_only_browsers_get_compressed_is_told() {
    let origin = HeaderValue::from_static("https://page.test");
    let found = judge(Some(&head(&[("content-encoding", "br")])), &origin);
    assert_eq!(found[1].check, "compression");
    assert_eq!(judge(None, &origin)[0].severity, Severity::Warning);
}
