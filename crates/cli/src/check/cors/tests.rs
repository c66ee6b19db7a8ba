use super::super::finding::Severity;
use super::super::head::tests::head;
use super::*;

fn answered(head: Head) -> Page {
    Page {
        uncompressed: Some(head),
        ..Page::default()
    }
}

const ORIGIN: HeaderValue = HeaderValue::from_static("https://page.test");

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
        let found = judge(&answered(head(&headers)), &ORIGIN);
        assert_eq!(found.severity, expected, "{headers:?}");
    }
}

#[test]
fn a_server_of_one_stream_a_session_is_right_to_refuse_another() {
    for (status, what) in [
        (409, "a second request"),
        (403, "a request as of a page of"),
    ] {
        let mut head = head(&[]);
        head.status = http::StatusCode::from_u16(status).unwrap();
        let found = judge(&answered(head), &ORIGIN);
        assert_eq!(found.severity, Severity::Note);
        assert!(found.what.starts_with(what), "{found:?}");
    }
    assert_eq!(judge(&Page::default(), &ORIGIN).severity, Severity::Warning);
}
