use http::{HeaderMap, StatusCode};

use super::*;

fn form(how: Publishing, url: &str, token: Option<&str>) -> Form {
    Form::new(how, &url.parse().unwrap(), token, Vec::new()).unwrap()
}

fn answer(status: u16, body: &'static str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from(body),
    }
}

fn header<'a>(request: &'a Request<Bytes>, name: &str) -> &'a str {
    let value = request.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[test]
fn a_publish_is_a_form() {
    let form = form(
        Publishing::Mercure,
        "http://me:pw@h:81/hub?a=b#c",
        Some("t"),
    );
    let request = form.request("http://a/?b&c", "1 2", true, Some("k"));
    assert_eq!(request.uri(), "http://h:81/hub?a=b");
    assert_eq!(request.method(), Method::POST);
    assert_eq!(
        request.body(),
        "topic=http%3A%2F%2Fa%2F%3Fb%26c&data=1+2&private=on"
    );
    for (name, value) in [
        ("host", "h:81"),
        ("authorization", "Bearer t"),
        ("idempotency-key", "\"k\""),
        ("content-type", "application/x-www-form-urlencoded"),
    ] {
        assert_eq!(header(&request, name), value);
    }
    let request = form.request("a", "1", false, None);
    assert_eq!(request.body(), "topic=a&data=1");
    assert_eq!(header(&request, "idempotency-key"), "");
}

#[test]
fn a_line_is_the_data_alone() {
    let form = form(Publishing::Lines, "http://a%40b:p%3Aw@h/events", None);
    let request = form.request("a", "1 2", true, None);
    assert_eq!(request.body(), "1 2");
    assert_eq!(
        header(&request, "content-type"),
        "text/plain; charset=utf-8"
    );
    // a@b:p:w
    assert_eq!(header(&request, "authorization"), "Basic YUBiOnA6dw==");
}

#[test]
fn headers_of_the_user_come_first() {
    let own = (CONTENT_TYPE, HeaderValue::from_static("text/x"));
    let url = "http://h/".parse().unwrap();
    let form = Form::new(Publishing::Lines, &url, None, vec![own]).unwrap();
    let request = form.request("", "", false, None);
    assert_eq!(request.headers().get_all(CONTENT_TYPE).iter().count(), 1);
    assert_eq!(header(&request, "content-type"), "text/x");
}

#[test]
fn an_answer_takes_refuses_or_says_nothing() {
    for (status, expected, again) in [
        (200, Outcome::Answered, false),
        (204, Outcome::Answered, false),
        (302, Outcome::Refused, false),
        (401, Outcome::Refused, false),
        (408, Outcome::Doubtful, true),
        (409, Outcome::Refused, true),
        (413, Outcome::Refused, false),
        (422, Outcome::Refused, false),
        (429, Outcome::Refused, true),
        (500, Outcome::Doubtful, true),
        (502, Outcome::Doubtful, true),
        (503, Outcome::Refused, true),
        (504, Outcome::Doubtful, true),
    ] {
        let answer = answer(status, "");
        assert_eq!(outcome(&answer), expected, "{status}");
        assert_eq!(is_worth_repeating(&answer), again, "{status}");
    }
}

#[test]
fn what_the_server_says_is_its_first_line() {
    assert_eq!(words(&answer(403, "no\nmore")), "status 403 Forbidden: no");
    assert_eq!(words(&answer(403, "\n")), "status 403 Forbidden");
    let long: &'static str = Box::leak("ä".repeat(1000).into_boxed_str());
    assert_eq!(
        words(&answer(500, long))
            .chars()
            .filter(|ch| *ch == 'ä')
            .count(),
        200
    );
}
