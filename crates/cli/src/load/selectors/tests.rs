use super::*;

#[test]
fn the_number_takes_the_place_of_n_alone() {
    let found = asked("/{n}/{id} *", 7, Dialect::Zero);
    let expected = ["/7/{id}", "*"].map(|text| Asked::new(text, Kind::Template));
    assert_eq!(found, expected);
}

#[test]
fn the_query_is_of_the_dialect() {
    let stream = "http://h/.well-known/mercure?a=b".parse().unwrap();
    let of = |text, dialect| url(&stream, &asked(text, 1, dialect)).to_string();
    assert_eq!(
        of("/{n}&c /{+x}", Dialect::Zero),
        "http://h/.well-known/mercure?a=b&topic=%2F1%26c&topic=%2F%7B%2Bx%7D"
    );
    assert_eq!(
        of("/{n} urlpattern:/:x", Dialect::One),
        "http://h/.well-known/mercure?a=b&match=%2F1&match_urlpattern=%2F%3Ax"
    );
    assert_eq!(url(&stream, &[]), stream);
}

#[test]
fn a_selector_is_read_by_its_kind() {
    let base = "http://h/".parse().unwrap();
    let matches = |text: &str, kind, topic: &str| {
        let selector = Asked::new(text, kind).selector(&base).unwrap();
        selector.matches(topic)
    };
    assert!(matches("*", Kind::Template, "a") && matches("*", Kind::Exact, "a"));
    assert!(matches("/{x}", Kind::Template, "/a"));
    assert!(!matches("/{x}", Kind::Exact, "/a"));
    assert!(matches("/:x", Kind::UrlPattern, "http://h/a"));
}
