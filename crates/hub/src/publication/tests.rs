use super::*;

fn refused(form: &str) -> (u16, String) {
    let refused = read(form.as_bytes()).unwrap_err();
    (refused.status().as_u16(), refused.to_string())
}

#[test]
fn fields_are_what_they_say() {
    let form = "topic=a&topic=b&data=x%0D%0Ay&private=&id=order-7&type=notice&retry=2000&unknown=1";
    let expected = Publication {
        topics: vec!["a".to_owned(), "b".to_owned()],
        data: Some("x\r\ny".to_owned()),
        private: true,
        id: Some("order-7".to_owned()),
        event_type: Some("notice".to_owned()),
        retry: Some(2_000),
    };
    assert_eq!(read(form.as_bytes()).unwrap(), expected);
    let least = read(b"topic=a").unwrap();
    assert_eq!((least.data, least.private, least.id), (None, false, None));
    assert_eq!(read(b"topic=a&data=").unwrap().data.as_deref(), Some(""));
    assert_eq!(read(b"topic=a&id=").unwrap().id, None);
}

#[test]
fn private_is_said_with_any_value() {
    for value in ["", "=", "=on", "=1", "=0", "=off", "=false"] {
        let form = format!("topic=a&private{value}");
        assert!(read(form.as_bytes()).unwrap().private, "{value}");
    }
}

#[test]
fn each_field_is_held_to_the_stricter_rule() {
    let rows = [
        ("", "There is no topic"),
        ("data=x", "There is no topic"),
        ("topic=*", "The topic * is reserved"),
        ("topic=a&topic=*", "The topic * is reserved"),
        ("topic=a%0Ab", "The topic has the character U+000A"),
        ("topic=a%E2%80%8B", "The topic has the character U+200B"),
        ("topic=a%FF", "not UTF-8"),
        ("topic=a&id=%23x", "The id is reserved"),
        ("topic=a&id=earliest", "The id is reserved"),
        ("topic=a&id=x%0Dy", "The id has the character U+000D"),
        ("topic=a&id=x%00", "The id has the character U+0000"),
        ("topic=a&id=%C2%9F", "The id has the character U+009F"),
        ("topic=a&type=x%0Ay", "The type has the character U+000A"),
        ("topic=a&type=mercure", "The type \"mercure\" is reserved"),
        ("topic=a&retry=1e3", "digits alone"),
        ("topic=a&retry=", "digits alone"),
        ("topic=a&retry=-1", "digits alone"),
        ("topic=a&retry=%2B1", "digits alone"),
        ("topic=a&retry=1.5", "digits alone"),
        ("topic=a&retry=+1", "digits alone"),
        ("topic=a&retry=%D9%A1", "digits alone"),
        ("topic=a&retry=99999999999999999999", "digits alone"),
        ("topic=a&data=x&data=y", "The field data is there twice"),
        ("topic=a&id=x&id=y", "The field id is there twice"),
        ("topic=a&type=x&type=x", "The field type is there twice"),
        ("topic=a&retry=1&retry=1", "The field retry is there twice"),
    ];
    for (form, says) in rows {
        let (status, text) = refused(form);
        assert!(
            status == 400 && text.contains(says),
            "{form}: {status} {text}"
        );
    }
    // Data may have any character.
    assert!(read("topic=a&data=\u{200b}%00%0A".as_bytes()).is_ok());
}

#[test]
fn what_is_over_a_limit_is_413() {
    let most = "topic=a&".repeat(MAX_TOPICS);
    assert_eq!(read(most.as_bytes()).unwrap().topics.len(), MAX_TOPICS);
    let long = |name: &str, length: usize| format!("topic=a&{name}={}", "x".repeat(length));
    for (form, says) in [
        (format!("{most}topic=b"), "at most 1000 topics"),
        (long("topic", MAX_TOPIC + 1), "at most 4096 bytes"),
        (long("id", MAX_ID + 1), "at most 1024 bytes"),
        (long("type", MAX_TYPE + 1), "at most 1024 bytes"),
        ("a&".repeat(3_000), "more than 2048 fields"),
    ] {
        let (status, text) = refused(&form);
        assert!(status == 413 && text.contains(says), "{status} {text}");
    }
    for form in [
        long("topic", MAX_TOPIC),
        long("id", MAX_ID),
        long("type", MAX_TYPE),
    ] {
        assert!(read(form.as_bytes()).is_ok());
    }
}

#[test]
fn topics_of_the_hub_itself_are_reserved() {
    let hub: Url = "https://hub.example/.well-known/mercure".parse().unwrap();
    let reserved = |topic: &str| {
        let publication = Publication {
            topics: vec!["fine".to_owned(), topic.to_owned()],
            ..Publication::default()
        };
        publication.reserved_topic(&hub).is_some()
    };
    for topic in [
        "/.well-known/mercure",
        "https://other.example/.well-known/mercure/subscriptions/a/b",
        "/.well-known/mercure?x",
        "https://a.example/x/../.well-known/mercure",
        "https://a.example/x/%2e%2E/.well-known/mercure/y",
        "https://a.example/%2Ewell%2Dknown/%6dercure",
        "./mercure",
        "mercure",
        "mercure#x",
        "",
        "?x",
        // Of 0.x: wherever the path stands.
        "urn:x:/.well-known/mercure",
        "https://a.example/b?c=/.well-known/mercure",
        "/.well-known/mercurex",
    ] {
        assert!(reserved(topic), "{topic}");
    }
    for topic in [
        "https://shop.example/books/1",
        "/well-known/mercure",
        "https://a.example/.well-known/other",
        "https://a.example/.well-known%2Fmercure",
        "urn:mercure",
        "news",
        "https://a.example/.Well-Known/mercure",
    ] {
        assert!(!reserved(topic), "{topic}");
    }
}
