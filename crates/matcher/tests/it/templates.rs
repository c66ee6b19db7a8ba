//! What a selector matches, case by case.

use wellspring_matcher::Selector;

/// A selector, what it matches and what it does not.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const CASES: &[Case] = &[
    ("*", &["", "a", "https://a.example/b?c"], &[]),
    ("", &[""], &["a"]),
    ("news", &["news"], &["", "new", "newsy", "News"]),
    // Simple expansion: unreserved, comma, triples; never a slash.
    (
        "/u/{id}",
        &["/u/", "/u/7", "/u/a,b", "/u/%2F", "/u/a~b-c_d.e", "/u/{id}"],
        &["/u/a/b", "/u/%2", "/u/%zz", "/u/a=b", "/u/é", "/u"],
    ),
    ("{a}{b}", &["", "xy"], &["x/y"]),
    ("/{a,b}/c", &["/1,2/c", "//c"], &["/1/2/c"]),
    // Reserved and fragment.
    (
        "/f/{+path}",
        &["/f/", "/f/a/b?c=d#e", "/f/%20"],
        &["/f/ ", "/f/%2"],
    ),
    ("/f{#part}", &["/f", "/f#", "/f#a/b"], &["/fa", "/f/"]),
    // Labels, path segments, parameters, queries.
    ("x{.ext}", &["x", "x.", "x.a", "x.a.b"], &["xa", "x/a"]),
    ("x{/a}", &["x", "x/", "x/1"], &["x/1/2", "x1"]),
    ("x{/a,b}", &["x", "x/1", "x/1/2"], &["x/1/2/3"]),
    ("x{/a*}", &["x", "x/1/2/3/4", "x/k=v"], &["x1"]),
    ("x{;a,b}", &["x", "x;a", "x;a=1;b=2"], &["x;a;b;c", "x=1"]),
    (
        "x{?a,b}",
        &["x", "x?a=1", "x?a=1&b=2", "x?anything=1"],
        &["x?a&b&c", "x&a=1"],
    ),
    ("x{?a*}", &["x?a=1&b=2&c=3"], &["x?a=1/2"]),
    (
        "x?f=1{&a}",
        &["x?f=1", "x?f=1&a=2"],
        &["x?f=1?a=2", "x?f=1&a=2&b=3"],
    ),
    // Prefix lengths count for nothing; names may have dots and triples.
    ("/{a:3}", &["/abcdef"], &["/a/b"]),
    ("/{a.b%41_9}", &["/x"], &["/a/b"]),
    // Literal text is compared byte by byte.
    ("/é/{a}", &["/é/1"], &["/%C3%A9/1", "/e/1"]),
    ("/100%25/{a}", &["/100%25/1"], &["/100%/1"]),
];

#[test]
fn each_selector_matches_what_it_should() {
    for (selector, good, bad) in CASES {
        let selector = Selector::parse(selector).unwrap();
        for topic in *good {
            assert!(selector.matches(topic), "{selector} matches {topic:?}");
        }
        for topic in *bad {
            assert!(
                !selector.matches(topic),
                "{selector} does not match {topic:?}"
            );
        }
    }
}

#[test]
fn what_is_no_valid_template_stands_for_itself() {
    let invalid = [
        "{",
        "{}",
        "{a",
        "a}{b}",
        "{a b}",
        "{=a}",
        "{,a}",
        "{!a}",
        "{@a}",
        "{|a}",
        "{a:}",
        "{a:0}",
        "{a:10000}",
        "{a:3*}",
        "{a*:3}",
        "{a**}",
        "{a,}",
        "{,}",
        "{.}",
        "{a..b}",
        "{a%2}",
        "{a{b}}",
        " {a}",
        "\"{a}",
        "%{a}",
        "%2{a}",
        "<{a}",
        ">{a}",
        "\\{a}",
        "^{a}",
        "`{a}",
        "|{a}",
        "\u{7}{a}",
        "\u{80}{a}",
        "\u{FDD0}{a}",
        "\u{FFFF}{a}",
        "\u{E0001}{a}",
    ];
    for text in invalid {
        let selector = Selector::parse(text).unwrap();
        assert!(selector.matches(text), "{text:?} is itself");
        let expansions = [
            text.replace("{a}", ""),
            text.replace("{a}", "x"),
            String::new(),
        ];
        for topic in expansions.iter().filter(|topic| *topic != text) {
            assert!(
                !selector.matches(topic),
                "{text:?} is no template: {topic:?}"
            );
        }
        assert_eq!(selector.literal_prefix(), text);
    }
}

#[test]
fn valid_templates_are_taken_for_templates() {
    let valid = [
        "{a}",
        "'{a}",
        "{+a}",
        "{#a}",
        "{.a}",
        "{/a}",
        "{;a}",
        "{?a}",
        "{&a}",
        "{a:9999}",
        "\u{E000}{a}",
        "𐀀{a}",
    ];
    for text in valid {
        let selector = Selector::parse(text).unwrap();
        let expansion = &text[..text.find('{').unwrap()];
        assert!(selector.matches(expansion), "{text}");
        assert_eq!(selector.literal_prefix(), expansion);
    }
}

#[test]
fn an_exact_selector_is_no_template_and_no_star() {
    let template = Selector::exact("/{a}").unwrap();
    assert!(template.matches("/{a}") && !template.matches("/1"));
    let star = Selector::exact("*").unwrap();
    assert!(star.matches("*") && !star.matches("a") && !star.is_any());
    assert_eq!(star.to_string(), "*");
}
