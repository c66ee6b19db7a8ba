use super::*;

#[test]
fn userinfo_and_fragment_stay_behind() {
    let table = [
        (
            "http://user:pass@example.com/a?b#c",
            "http://example.com/a?b",
        ),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:8443?", "https://example.com:8443/?"),
        ("http://[::1]:9/", "http://[::1]:9/"),
        (
            "http://bücher.example/é?ü",
            "http://xn--bcher-kva.example/%C3%A9?%C3%BC",
        ),
    ];
    for (url, expected) in table {
        assert_eq!(
            uri(&url.parse().unwrap()).unwrap().to_string(),
            expected,
            "{url}"
        );
    }
}

#[test]
fn every_character_that_a_url_may_hold_reaches_the_server() {
    for character in (1..=0x17f).filter_map(char::from_u32) {
        for place in ["path", "query"] {
            let mut url: Url = "http://example.com/".parse().unwrap();
            match place {
                "path" => url.set_path(&format!("a{character}b%41")),
                _ => url.set_query(Some(&format!("a{character}b%41"))),
            }
            let uri =
                uri(&url).unwrap_or_else(|error| panic!("{character:?} in the {place}: {error}"));
            assert!(uri.to_string().ends_with("b%41"), "{uri}");
        }
    }
}

#[test]
fn every_host_that_a_url_may_hold_makes_a_uri_or_an_error() {
    for character in (1..=0x17f).filter_map(char::from_u32) {
        if let Ok(url) = Url::parse(&format!("http://a{character}b.example/")) {
            let _ = uri(&url);
        }
    }
}

#[test]
fn an_endless_url_is_an_error() {
    let url = format!("http://example.com/{}", "a".repeat(70_000))
        .parse()
        .unwrap();
    assert!(uri(&url).is_err());
}

#[test]
fn messages_never_show_userinfo() {
    let url = "http://user:secret@example.com/a?b#c".parse().unwrap();
    assert_eq!(without_credentials(&url), "http://example.com/a?b");
}
