use http::HeaderValue;

use super::*;

fn from_query(query: &str) -> Result<Option<String>, InvalidLastEventId> {
    let id = LastEventId::from_query(query, "lastEventId")?;
    Ok(id.map(|id| id.as_str().to_owned()))
}

#[test]
fn query_parameters_are_decoded_as_forms() {
    for (query, id) in [
        ("", None),
        ("a=b", None),
        ("lastEventId", None),
        ("lastEventId=", None),
        ("lastEventId=7", Some("7")),
        ("a=b&lastEventId=7&c", Some("7")),
        ("last%45ventId=%C3%a9+%2B=%zz%4", Some("é +=%zz%4")),
        ("LastEventId=7", None),
    ] {
        assert_eq!(from_query(query).unwrap().as_deref(), id, "{query:?}");
    }
}

#[test]
fn what_cannot_be_an_id_is_refused_by_name() {
    use InvalidLastEventId::{Empty, NotAnId, NotUtf8, Repeated};
    for (query, error) in [
        ("lastEventId=a%00", NotAnId { offset: 1 }),
        ("lastEventId=%0Adata:+forged", NotAnId { offset: 0 }),
        ("lastEventId=ab%0D", NotAnId { offset: 2 }),
        ("lastEventId=%C3%A9%C3", NotUtf8 { offset: 2 }),
        ("lastEventId=1&lastEventId=2", Repeated),
    ] {
        assert_eq!(from_query(query), Err(error), "{query:?}");
    }
    assert_eq!(LastEventId::new(""), Err(Empty));
}

#[test]
fn a_header_is_utf8_bytes() {
    let mut headers = HeaderMap::new();
    assert_eq!(LastEventId::from_headers(&headers), Ok(None));
    headers.insert(HEADER, HeaderValue::from_static(""));
    assert_eq!(LastEventId::from_headers(&headers), Ok(None));
    headers.insert(HEADER, HeaderValue::from_bytes("é".as_bytes()).unwrap());
    assert_eq!(
        LastEventId::from_headers(&headers),
        Ok(Some(LastEventId::new("é").unwrap()))
    );
    headers.insert(HEADER, HeaderValue::from_bytes(b"\xE9").unwrap());
    let not_utf8 = InvalidLastEventId::NotUtf8 { offset: 0 };
    assert_eq!(LastEventId::from_headers(&headers), Err(not_utf8));
    headers.append(HEADER, HeaderValue::from_static("7"));
    let repeated = InvalidLastEventId::Repeated;
    assert_eq!(LastEventId::from_headers(&headers), Err(repeated));
}

#[test]
fn an_empty_header_leaves_it_to_the_query() {
    let request = Request::get("/?lastEventId=9").header("last-event-id", "");
    let id = LastEventId::from_request(&request.body(()).unwrap()).unwrap();
    assert_eq!(id.unwrap().as_str(), "9");
}
