use http::Response;

use super::*;
use crate::transport::Body;

fn fetched(headers: HeaderMap) -> FetchResponse {
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = headers;
    FetchResponse {
        response,
        url: "https://example.com:444/a?b#c".parse().unwrap(),
        method: Method::GET,
        became_get: false,
        last_event_id_not_sent: None,
        hops: Vec::new(),
        taint: Taint::default(),
    }
}

#[test]
fn headers_come_back_as_they_were() {
    let mut headers = HeaderMap::new();
    headers.append(
        "content-type",
        HeaderValue::from_static("text/event-stream"),
    );
    headers.append("set-cookie", HeaderValue::from_static("a=1"));
    headers.append("x-empty", HeaderValue::from_static(""));
    headers.append("set-cookie", HeaderValue::from_bytes(b"b=\xFF").unwrap());
    let mut secret = HeaderValue::from_static("secret");
    secret.set_sensitive(true);
    headers.append("x-secret", secret);
    headers.append("content-encoding", HeaderValue::from_static("utf-8"));
    let opening = Opening::new(&fetched(headers.clone()));
    let opened = opening.opened();
    assert_eq!(opened.headers, headers);
    assert!(opened.headers["x-secret"].is_sensitive());
    assert!(!opened.headers["content-type"].is_sensitive());
    assert_eq!(opened.unknown_coding.as_deref(), Some("utf-8"));
    assert_eq!(opened.url.as_str(), "https://example.com:444/a?b#c");
    assert_eq!(opened.origin, "https://example.com:444");
    assert_eq!((&opened.method, opened.hops.len()), (&Method::GET, 0));
    assert!(std::ptr::eq(opened, opening.opened()));
}

#[test]
fn what_is_rare_is_kept() {
    let mut fetched = fetched(HeaderMap::new());
    fetched.method = Method::POST;
    fetched.last_event_id_not_sent = Some("why");
    let opening = Opening::new(&fetched);
    assert_eq!(opening.opened().method, Method::POST);
    assert_eq!(opening.opened().last_event_id_not_sent, Some("why"));
    assert!(!opening.moved_permanently() && !opening.moved().0);
    fetched.became_get = true;
    fetched.hops = vec![Hop {
        status: StatusCode::PERMANENT_REDIRECT,
        url: fetched.url.clone(),
    }];
    let opening = Opening::new(&fetched);
    assert!(opening.moved_permanently());
    assert_eq!((opening.moved().0, opening.moved().2), (true, true));
    assert_eq!(opening.opened().hops.len(), 1);
}

#[test]
fn its_origin_is_the_serialized_one() {
    for url in [
        "http://example.com",
        "https://example.com:443/a",
        "https://user@example.com:444/a?b",
        "http://:word@[::1]:80/",
        "http://[::1]:8080/#c",
        "https://bücher.example/",
        "http://127.1/@/:",
        "about:event-stream",
        "data:text/plain,a",
    ] {
        let mut fetched = fetched(HeaderMap::new());
        fetched.url = url.parse().unwrap();
        let opening = Opening::new(&fetched);
        assert_eq!(opening.origin(), serialize_origin(&fetched.url), "{url}");
        assert_eq!(opening.origin(), opening.opened().origin, "{url}");
    }
}

#[test]
fn an_equal_url_is_shared() {
    let mut opening = Opening::new(&fetched(HeaderMap::new()));
    let own = Arc::clone(opening.url());
    opening.share_url(&Arc::new("https://example.com/".parse().unwrap()));
    assert!(Arc::ptr_eq(opening.url(), &own));
    let same = Arc::new(Url::clone(&own));
    opening.share_url(&same);
    assert!(Arc::ptr_eq(opening.url(), &same));
}
