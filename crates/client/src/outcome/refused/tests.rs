use super::*;
use http::HeaderValue;

fn retry_after(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_static(value));
    }
    let refused = Refused {
        url: String::new(),
        status: StatusCode::SERVICE_UNAVAILABLE,
        headers: map,
        body: Bytes::new(),
    };
    assert_eq!(refused.failure(), Failure::Status(503));
    refused.retry_after()
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let seconds = |value| retry_after(&[("retry-after", value)]);
    assert_eq!(seconds("7"), Some(Duration::from_secs(7)));
    assert_eq!(seconds(" 0 "), Some(Duration::ZERO));
    assert_eq!(
        seconds("99999999999999999999"),
        Some(Duration::from_secs(u64::MAX))
    );
    for nonsense in ["", "-1", "+1", "1.5", "soon", "1e3"] {
        assert_eq!(seconds(nonsense), None, "{nonsense}");
    }
    let date = |value| {
        let answered = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        retry_after(&[answered, ("retry-after", value)])
    };
    let half_a_minute = Some(Duration::from_secs(30));
    assert_eq!(date("Sun, 06 Nov 1994 08:50:07 GMT"), half_a_minute);
    assert_eq!(date("Sunday, 06-Nov-94 08:50:07 GMT"), half_a_minute);
    assert_eq!(date("Sun Nov  6 08:50:07 1994"), half_a_minute);
    assert_eq!(date("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
}

#[test]
fn a_date_without_the_servers_own_counts_from_now() {
    let past = retry_after(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]);
    assert_eq!(past, Some(Duration::ZERO));
    let far = retry_after(&[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")]);
    assert!(far.unwrap() > Duration::from_secs(86400));
}
