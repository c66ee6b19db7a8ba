use super::*;

#[test]
fn ours_are_sent() {
    let headers = assemble(HeaderMap::new(), "");
    assert_eq!(headers[ACCEPT], "text/event-stream");
    let built_in = match (cfg!(feature = "gzip"), cfg!(feature = "br")) {
        (true, true) => "gzip, br",
        (true, false) => "gzip",
        (false, true) => "br",
        (false, false) => "identity",
    };
    assert_eq!(headers[ACCEPT_ENCODING], built_in);
    assert_eq!(headers[CACHE_CONTROL], "no-cache");
    assert_eq!(headers[PRAGMA], "no-cache");
    assert!(
        headers[USER_AGENT]
            .to_str()
            .unwrap()
            .starts_with("wellspring/")
    );
    assert_eq!(headers.len(), 5, "no Last-Event-ID: {headers:?}");
}

#[test]
fn the_users_win() {
    let mut users = HeaderMap::new();
    users.append(ACCEPT, HeaderValue::from_static("application/json"));
    users.append(ACCEPT, HeaderValue::from_static("text/event-stream"));
    users.insert(USER_AGENT, HeaderValue::from_static("mine"));
    let headers = assemble(users, "");
    assert_eq!(headers.get_all(ACCEPT).iter().count(), 2);
    assert_eq!(headers[USER_AGENT], "mine");
}

#[test]
fn the_last_event_id_is_sent_byte_for_byte_or_not_at_all() {
    let long = "x".repeat(4096);
    let too_long = "x".repeat(4097);
    let sent = [
        "1",
        "é",
        "日本",
        "a b",
        "a\tb",
        "\u{a0}",
        "\"quoted\"",
        "a,b",
        &long,
    ];
    for id in sent {
        let headers = assemble(HeaderMap::new(), id);
        assert_eq!(headers[LAST_EVENT_ID].as_bytes(), id.as_bytes());
    }
    let omitted = [
        "",
        " a",
        "a ",
        "\ta",
        "a\t",
        "a\u{1}",
        "a\u{7f}",
        "\u{1b}[0m",
        &too_long,
    ];
    for id in omitted {
        assert!(
            !assemble(HeaderMap::new(), id).contains_key(LAST_EVENT_ID),
            "{id:?}"
        );
        let reported = matches!(
            LastEventIdHeader::of(id),
            LastEventIdHeader::Untransportable(_)
        );
        assert_eq!(reported, !id.is_empty(), "{id:?}");
    }
}

#[test]
fn the_event_sources_id_replaces_one_among_the_users_headers() {
    let mut users = HeaderMap::new();
    users.insert(LAST_EVENT_ID, HeaderValue::from_static("seed"));
    assert_eq!(assemble(users.clone(), "")[LAST_EVENT_ID], "seed");
    assert_eq!(assemble(users, "7")[LAST_EVENT_ID], "7");
}

#[test]
fn body_headers_go_with_the_body() {
    let mut headers = HeaderMap::new();
    for name in [
        "content-type",
        "content-length",
        "content-encoding",
        "content-language",
        "content-location",
        "x",
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static("1"));
    }
    remove_body_headers(&mut headers);
    assert_eq!(
        headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(),
        ["x"]
    );
}
