use super::*;
use crate::wanted::{MAX_SELECTORS, MatchType};

fn base() -> Url {
    "https://hub.example/.well-known/mercure".parse().unwrap()
}

fn get(query: &str) -> Result<Subscribe, String> {
    read(query, None, None, &base()).map_err(|refusal| {
        assert_eq!(refusal.status(), 400);
        refusal.to_string()
    })
}

fn resumed(query: &str, header: &[u8]) -> Option<String> {
    read(query, None, Some(header), &base())
        .unwrap()
        .last_event_id
}

#[test]
fn the_dialect_is_that_of_the_parameters() {
    use MatchType::{Exact, Topic, UrlPattern};
    type Row = (&'static str, Dialect, &'static [(&'static str, MatchType)]);
    let rows: [Row; 8] = [
        ("topic=a", Dialect::V07, &[("a", Topic)]),
        (
            "topic=a&topic=%2Fb%2F%7Bid%7D&other=1",
            Dialect::V07,
            &[("a", Topic), ("/b/{id}", Topic)],
        ),
        ("topic=*", Dialect::V07, &[("*", Topic)]),
        ("topic=", Dialect::V07, &[("", Topic)]),
        ("match=a", Dialect::V08, &[("a", Exact)]),
        (
            "match_exact=a&match=*",
            Dialect::V08,
            &[("a", Exact), ("*", Exact)],
        ),
        (
            "match_urlpattern=%2Fb%2F%3Aid",
            Dialect::V08,
            &[("/b/:id", UrlPattern)],
        ),
        (
            "match_urlpattern=*&ignored=1&Topic=x",
            Dialect::V08,
            &[("*", UrlPattern)],
        ),
    ];
    for (query, dialect, expected) in rows {
        let read = get(query).unwrap();
        let wanted = read.wanted.iter();
        let wanted = wanted.map(|wanted| (wanted.selector.as_str(), wanted.match_type));
        assert_eq!(
            (read.dialect, &*wanted.collect::<Vec<_>>()),
            (dialect, expected),
            "{query}"
        );
    }
}

#[test]
fn an_exact_matcher_is_compared_byte_by_byte_and_a_star_is_everything() {
    let matches = |query: &str, topic: &str| get(query).unwrap().wanted[0].selector.matches(topic);
    assert!(matches("match=/a/{id}", "/a/{id}") && !matches("match=/a/{id}", "/a/1"));
    assert!(matches("topic=/a/{id}", "/a/1"));
    assert!(matches("match=*", "anything") && matches("match_urlpattern=*", "{"));
    assert!(matches(
        "match_urlpattern=/a/:id",
        "https://hub.example/a/1"
    ));
    assert!(!matches(
        "match_urlpattern=/a/:id",
        "https://other.example/a/1"
    ));
}

#[test]
fn what_makes_no_sense_is_refused_with_how_to_ask() {
    let rows = [
        ("", "asks for no topic"),
        ("Topic=a", "asks for no topic"),
        ("last_event_id=a", "asks for no topic"),
        ("topic=a&match=b", "both dialects at once"),
        ("topic=a&MATCH=b", "both dialects at once"),
        ("match_regexp=a", "match, match_exact and match_urlpattern"),
        ("Match=a", "match, match_exact and match_urlpattern"),
        ("match_EXACT=a", "match, match_exact and match_urlpattern"),
        ("matchx=a", "match, match_exact and match_urlpattern"),
        (
            "match=a&match_uritemplate=b",
            "match, match_exact and match_urlpattern",
        ),
        ("match_urlpattern=(", "A matcher is not usable"),
        ("match_urlpattern=%2F%3A", "A matcher is not usable"),
        ("match=a%0Ab", "U+000A"),
        ("match=a%C2%85", "U+0085"),
        ("match=%7F", "U+007F"),
        ("match_urlpattern=%E2%80%8B", "U+200B"),
        ("match=%FF", "not UTF-8"),
        ("topic=%C3", "not UTF-8"),
        ("topic=a&lastEventID=b%0Ac", "U+000A"),
        ("match=a&last_event_id=b%00", "U+0000"),
    ];
    for (query, says) in rows {
        let refused = get(query).unwrap_err();
        assert!(refused.contains(says), "{query}: {refused}");
    }
    for query in ["", "topic=a&match=b"] {
        let refused = get(query).unwrap_err();
        assert!(
            refused.contains("topic=…") && refused.contains("match=…"),
            "{refused}"
        );
    }
}

#[test]
fn limits_are_kept() {
    for name in ["topic", "match", "match_urlpattern"] {
        let most = format!("{name}=a&").repeat(MAX_SELECTORS);
        assert_eq!(get(&most).unwrap().wanted.len(), MAX_SELECTORS);
        let refused = get(&format!("{most}{name}=b")).unwrap_err();
        assert!(refused.contains("at most 1000"), "{refused}");
        let long = get(&format!("{name}={}", "a".repeat(4_097))).unwrap_err();
        assert!(long.contains("4096 bytes"), "{long}");
    }
    let dear = get(&format!("match_urlpattern=/{}", ":a(x{1,1000})".repeat(40))).unwrap_err();
    assert!(dear.contains("not usable"), "{dear}");
    let deep = get(&format!("topic={}", "{a}".repeat(33))).unwrap_err();
    assert!(deep.contains("32 expressions"), "{deep}");
    let id = get(&format!("topic=a&lastEventID={}", "a".repeat(4_097))).unwrap_err();
    assert!(id.contains("4096 bytes"), "{id}");
}

#[test]
fn the_place_comes_from_the_header_or_the_query_of_the_dialect() {
    let rows = [
        ("topic=a", None),
        ("topic=a&lastEventID=b", Some("b")),
        ("topic=a&Last-Event-ID=b", Some("b")),
        ("topic=a&Last-Event-ID=c&lastEventID=b", Some("b")),
        ("topic=a&lastEventID=&Last-Event-ID=c", Some("c")),
        ("topic=a&last_event_id=b", None),
        ("topic=a&lastEventID=earliest", Some("earliest")),
        ("match=a&last_event_id=b", Some("b")),
        ("match=a&last_event_id=b&last_event_id=c", Some("b")),
        ("match=a&lastEventID=b", None),
        ("match=a&last_event_id=", None),
    ];
    for (query, expected) in rows {
        assert_eq!(
            get(query).unwrap().last_event_id.as_deref(),
            expected,
            "{query}"
        );
        assert_eq!(
            resumed(query, b"header").as_deref(),
            Some("header"),
            "{query}"
        );
        assert_eq!(
            resumed(query, b"").as_deref(),
            expected,
            "{query}: an empty header is none"
        );
    }
    let bad = read("topic=a", None, Some(b"\xff"), &base()).unwrap_err();
    assert_eq!(bad.to_string(), "The header Last-Event-ID is not UTF-8.");
    assert_eq!(
        resumed("topic=a", "\u{e9}\u{200b}".as_bytes()).as_deref(),
        Some("\u{e9}\u{200b}")
    );
    assert!(read("match=a", None, Some("\u{200b}".as_bytes()), &base()).is_err());
}

#[test]
fn a_form_is_joined_with_the_query() {
    let asked = |query: &str, form: &str| {
        let read = read(query, Some(form.as_bytes()), None, &base());
        read.map(|read| (read.wanted.len(), read.last_event_id))
    };
    assert_eq!(asked("", "match=a").unwrap(), (1, None));
    let both = asked(
        "match=a&last_event_id=q",
        "match_urlpattern=/b&last_event_id=f",
    )
    .unwrap();
    assert_eq!(both, (2, Some("q".to_owned())));
    assert_eq!(
        asked("match=a", "last_event_id=f").unwrap().1.as_deref(),
        Some("f")
    );
    assert!(asked("topic=a", "").is_err());
    assert!(asked("match=a", "topic=b").is_err());
}

#[test]
fn events_of_our_own_come_only_when_they_are_asked_for() {
    let asked = |query: &str| {
        let read = get(query).unwrap();
        (read.tell_gaps, read.tell_expiry)
    };
    assert_eq!(asked("topic=a"), (false, false));
    assert_eq!(asked("topic=a&wellspring_gap"), (true, false));
    assert_eq!(
        asked("match=a&wellspring_gap=1&wellspring_expiry=1"),
        (true, true)
    );
    assert_eq!(
        asked("match=a&wellspring_gap=0&wellspring_expiry=false"),
        (false, false)
    );
}
