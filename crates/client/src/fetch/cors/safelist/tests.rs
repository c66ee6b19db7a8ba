use super::*;

fn reason(method: &str, headers: &[(&'static str, &[u8])]) -> Option<String> {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| {
            let value = HeaderValue::from_bytes(value).unwrap();
            (HeaderName::from_static(name), value)
        })
        .collect();
    let headers = headers.iter().map(|(name, value)| (name, value));
    preflight_reason(&Method::from_bytes(method.as_bytes()).unwrap(), headers)
}

#[test]
fn three_methods_are_safe() {
    for method in ["GET", "HEAD", "POST"] {
        assert_eq!(reason(method, &[]), None);
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "QUERY", "get"] {
        assert_eq!(reason(method, &[]), Some(format!("the method {method}")));
    }
}

#[test]
fn five_headers_are_safe_with_some_values() {
    let long = [b'a'; 128];
    let safe: &[(&'static str, &[u8])] = &[
        ("accept", b"text/event-stream, */*;q=0.1"),
        ("accept", b"a\tb"),
        ("accept", &long),
        ("accept", b"\xC3\xA9"),
        ("accept-language", b"de-CH, *;q=0.5"),
        ("content-language", b"en"),
        ("content-type", b"text/plain; charset=utf-8"),
        ("content-type", b"Application/X-WWW-Form-Urlencoded"),
        ("content-type", b"multipart/form-data"),
        ("content-type", b"text/plain;a=b,application/json"),
        ("range", b"bytes=0-"),
        ("range", b"bytes=5-10"),
        ("range", b"bytes=5-005"),
        ("range", b"bytes=9-18446744073709551616"),
        ("last-event-id", b"(anything) {at all}"),
    ];
    for header in safe {
        assert_eq!(reason("GET", &[*header]), None, "{header:?}");
    }
    let too_long = [b'a'; 129];
    let needed: &[(&'static str, &[u8])] = &[
        ("authorization", b"Bearer t"),
        ("x-mine", b""),
        ("cache-control", b"no-cache"),
        ("user-agent", b"mine"),
        ("cookie", b"a=b"),
        ("accept", &too_long),
        ("accept", b"a(b)"),
        ("accept", b"a\"b"),
        ("accept-language", b"en_GB"),
        ("accept-language", b"\xC3\xA9"),
        ("content-language", b"en/gb"),
        ("content-type", b"application/json"),
        ("content-type", b"text/plain, application/json"),
        ("content-type", b"application/json, text/plain"),
        ("content-type", b"text/plain; a=\"b\""),
        ("content-type", b""),
        ("range", b"bytes=-5"),
        ("range", b"bytes=6-5"),
        ("range", b"bytes=0-1,3-4"),
        ("range", b"bytes = 0-"),
        ("range", b"items=0-"),
    ];
    for header in needed {
        let reason = reason("GET", &[*header]).unwrap();
        assert!(reason.contains(header.0), "{header:?}: {reason}");
    }
}

#[test]
fn values_are_safe_up_to_1024_bytes_together() {
    let value = [b'a'; 128];
    let eight: Vec<(&'static str, &[u8])> = vec![("accept", &value); 8];
    assert_eq!(reason("GET", &eight), None);
    let mut nine = eight;
    nine.push(("content-language", b"e"));
    let said = reason("GET", &nine).unwrap();
    assert!(said.contains("1024 bytes"), "{said}");
    nine.pop();
    nine.push(("last-event-id", &value));
    assert_eq!(reason("GET", &nine), None);
}

#[test]
fn every_byte_is_known() {
    let legal: Vec<u8> = (0..=255)
        .filter(|byte| HeaderValue::from_bytes(&[*byte]).is_ok())
        .collect();
    let unsafe_bytes: Vec<u8> = legal
        .into_iter()
        .filter(|byte| reason("GET", &[("accept", &[b'a', *byte, b'a'])]).is_some())
        .collect();
    assert_eq!(unsafe_bytes, br#""():<>?@[\]{}"#);
}
