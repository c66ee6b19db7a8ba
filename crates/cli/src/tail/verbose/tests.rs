use super::*;

#[test]
fn heads_are_shown_without_their_secrets() {
    let mut secret = http::HeaderValue::from_static("s3cret");
    secret.set_sensitive(true);
    let request = Request::post("http://localhost:8080/a?b=c")
        .header("accept", "text/event-stream")
        .header("authorization", "Basic s3cret")
        .header("cookie", "s3cret")
        .header("proxy-authorization", "s3cret")
        .header("x-key", secret)
        .body(Body::from("12345"))
        .unwrap();
    assert_eq!(
        request_head(&request),
        "> POST /a?b=c\n\
         > host: localhost:8080\n\
         > accept: text/event-stream\n\
         > authorization: ***\n\
         > cookie: ***\n\
         > proxy-authorization: ***\n\
         > x-key: ***\n\
         >\n\
         * a body of 5 bytes"
    );
    let response = Response::builder()
        .status(404)
        .header("set-cookie", "s3cret")
        .header("location", "https://a:s3cret@example.com/b?token=s3cret")
        .header("x-odd", "a\tb\u{7f}".replace('\u{7f}', ""))
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        response_head(&response),
        "< HTTP/1.1 404 Not Found\n< set-cookie: ***\n< location: https://***@example.com/b?token=***\n< x-odd: a\tb\n<"
    );
}
