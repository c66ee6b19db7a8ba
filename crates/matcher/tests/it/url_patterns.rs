//! URL patterns: the data of the web platform tests, and the crate `urlpattern` beside ours.

use serde_json::Value;
use std::process::Command;
use url::Url;
use urlpattern::{UrlPattern, UrlPatternInit, UrlPatternMatchInput, UrlPatternOptions};
use wellspring_matcher::{Index, Matches, Selector, SelectorError, UrlPatternError};

/// Of this machine: packages for others need not be there.
fn platform() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let says = String::from_utf8(output.stdout).unwrap();
    let host = says.lines().find_map(|line| line.strip_prefix("host: "));
    host.unwrap().to_owned()
}

/// The tests that the crate `urlpattern` ships.
fn data() -> Vec<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version=1", "--offline"]);
    cargo.args(["--filter-platform", &platform()]);
    let output = cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages
        .find(|package| package["name"] == "urlpattern")
        .unwrap();
    let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
    let path = manifest.with_file_name("src/testdata/urlpatterntestdata.json");
    let data: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    data.into_iter().filter(Value::is_object).collect()
}

/// Text and base of an array such as `["/a", "https://b.example"]`; objects are no selectors.
fn strings(array: &Value) -> Option<(&str, Option<Url>)> {
    let array = array.as_array()?;
    let base = match array.get(1) {
        None => None,
        Some(Value::String(base)) => Some(base.parse().ok()?),
        Some(_) => return None,
    };
    Some((array.first()?.as_str()?, base))
}

#[test]
fn patterns_of_the_web_platform_tests_match_what_they_should() {
    let mut judged = 0;
    for test in data() {
        let Some((text, base)) = strings(&test["pattern"]) else {
            continue;
        };
        let selector = Selector::url_pattern(text, base.as_ref());
        if test["expected_obj"] == "error" {
            assert!(selector.is_err(), "{test}");
            judged += 1;
            continue;
        }
        if test["inputs"].as_array().is_none_or(Vec::is_empty) {
            assert!(selector.is_ok(), "{selector:?} of {test}");
            continue;
        }
        let Some((topic, topic_base)) = strings(&test["inputs"]) else {
            continue;
        };
        let topic = match topic_base {
            Some(base) => base.join(topic).unwrap().to_string(),
            None => topic.to_owned(),
        };
        let expected = test["expected_match"].is_object();
        let selector = selector.unwrap_or_else(|error| panic!("{error}: {test}"));
        assert_eq!(selector.matches(&topic), expected, "{test}");
        judged += 1;
    }
    assert!(judged >= 50, "only {judged} tests are about strings");
}

/// Strings that the tests of components are made of: text in front of a component, and behind it.
const FRAMES: &[(&str, &str, &str)] = &[
    ("pathname", "https://a.example", ""),
    ("pathname", "data:", ""),
    ("hostname", "https://", "/x"),
    ("port", "https://a.example:", "/x"),
    ("search", "https://a.example/x?", ""),
    ("hash", "https://a.example/x#", ""),
    ("protocol", "", "://a.example/x"),
    ("username", "https://", "@a.example/x"),
];

/// What the crate makes of a pattern, if it is one.
fn oracle(text: &str) -> Option<UrlPattern> {
    let init = UrlPatternInit::parse_constructor_string::<regex::Regex>(text, None).ok()?;
    UrlPattern::parse(init, UrlPatternOptions::default()).ok()
}

#[test]
fn patterns_in_each_component_match_what_they_match_for_another_implementation() {
    let data = data();
    let mut counts = [0; 3];
    let mut differing = Vec::new();
    for (name, front, behind) in FRAMES {
        let frame = |text: &str| format!("{front}{text}{behind}");
        let texts = |of: &str| -> Vec<String> {
            let objects = data.iter().filter_map(|test| test[of].as_array()?.first());
            let texts = objects.filter_map(|object| object[*name].as_str());
            // What the crate does in its own way: brackets outside of IPv6 addresses, and slashes in
            // paths that the Standard calls opaque.
            let texts = texts.filter(|text| match *front {
                "https://" => !text.contains(['[', ']']),
                "data:" => !text.contains('/'),
                _ => true,
            });
            let mut texts: Vec<String> = texts.map(frame).collect();
            texts.sort();
            texts.dedup();
            texts
        };
        let topics: Vec<Url> = texts("inputs")
            .iter()
            .filter_map(|t| t.parse().ok())
            .collect();
        for pattern in texts("pattern") {
            let ours = Selector::url_pattern(&pattern, None);
            if let Err(SelectorError::UrlPattern(UrlPatternError::Regexp)) = ours {
                counts[2] += 1;
                continue;
            }
            let theirs = oracle(&pattern);
            for topic in &topics {
                let input = UrlPatternMatchInput::Url(topic.clone());
                let theirs = theirs.as_ref().map(|theirs| theirs.test(input).unwrap());
                let ours = ours.as_ref().ok().map(|ours| ours.matches(topic.as_str()));
                if theirs != ours {
                    let both = format!("ours {ours:?}, theirs {theirs:?}");
                    differing.push(format!("{pattern} and {topic}: {both}"));
                }
                counts[usize::from(theirs == Some(true))] += 1;
            }
        }
    }
    assert!(differing.is_empty(), "{}: {differing:#?}", differing.len());
    let [no, yes, refused] = counts;
    assert!(no > 2_000 && yes > 300 && refused < 20, "{counts:?}");
}

#[test]
fn what_is_no_pattern_or_too_dear_is_refused() {
    let base: Url = "https://hub.example/.well-known/mercure".parse().unwrap();
    let refused = |text: &str| match Selector::url_pattern(text, Some(&base)) {
        Err(SelectorError::UrlPattern(error)) => error,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(refused("/a{b"), UrlPatternError::Malformed { at: 4 });
    assert_eq!(refused("/:a/:a"), UrlPatternError::RepeatedName);
    for text in [
        "/(?=a)",
        "/(a(?<b>c))",
        "/(\\1)",
        "/(\\p{L})",
        "/(a**)",
        "/([b-a])",
        "/(a{2,1})",
    ] {
        let error = refused(text);
        let expected = [
            UrlPatternError::Regexp,
            UrlPatternError::Malformed { at: 1 },
        ];
        assert!(expected.contains(&error), "{text}: {error:?}");
    }
    assert_eq!(refused("/(a{1001})"), UrlPatternError::TooComplex);
    assert_eq!(refused("/((?:a{1000}){1000})"), UrlPatternError::TooComplex);
    assert_eq!(refused(&"/*a".repeat(33)), UrlPatternError::TooComplex);
    assert_eq!(refused(&"/{a}?".repeat(33)), UrlPatternError::TooComplex);
    let both = "/(.{600})?(.{600})";
    assert_eq!(refused(both), UrlPatternError::TooComplex);
    let nested = format!("/({}a{})", "(?:".repeat(40), ")".repeat(40));
    assert_eq!(refused(&nested), UrlPatternError::Regexp);
    assert_eq!(
        Selector::url_pattern("/a", None),
        Err(SelectorError::UrlPattern(UrlPatternError::NoBase))
    );
    let long = "/".repeat(5_000);
    assert_eq!(
        Selector::url_pattern(&long, Some(&base)),
        Err(SelectorError::TooLong)
    );
}

#[test]
fn nothing_is_repeated_in_no_time() {
    let mut text = "(?:)".to_owned();
    for _ in 0..8 {
        text = format!("(?:{text}{{1000}})");
    }
    let selector = Selector::url_pattern(&format!("https://b.example/({text}a)"), None).unwrap();
    assert!(selector.matches("https://b.example/a"));
    assert!(!selector.matches("https://b.example/"));
}

#[test]
fn relative_patterns_and_topics_are_resolved_against_the_hub() {
    let base: Url = "https://hub.example/.well-known/mercure?x#y"
        .parse()
        .unwrap();
    let cases: &[(&str, &str, bool)] = &[
        ("/books/:id", "https://hub.example/books/1", true),
        ("/books/:id", "/books/1", true),
        ("/books/:id", "https://other.example/books/1", false),
        ("/books/:id", "/books/1/2", false),
        ("books/*", "/.well-known/books/1/2", true),
        ("https://*.example/:a", "https://b.example/1", true),
        ("https://b.example/*?*", "https://b.example/1?q", true),
        ("urn\\:book\\::id", "urn:book:1", true),
        ("/books/:id", "not a url at all \u{0}", false),
        ("*", "anything", true),
    ];
    for (pattern, topic, expected) in cases {
        let selector = Selector::url_pattern(pattern, Some(&base)).unwrap();
        assert_eq!(selector.matches(topic), *expected, "{pattern} and {topic}");
        let mut index = Index::with_base(base.clone());
        let id = index.insert(selector).unwrap();
        let mut matches = Matches::new();
        index.find(topic, &mut matches);
        assert_eq!(
            matches.ids().contains(&id),
            *expected,
            "{pattern} and {topic}"
        );
    }
}

#[test]
fn the_index_finds_patterns_as_each_by_itself_does() {
    let base: Url = "https://hub.example/".parse().unwrap();
    let data = data();
    let inputs = data
        .iter()
        .filter_map(|test| test["inputs"].as_array()?.first()?["pathname"].as_str());
    let topics: Vec<&str> = inputs.collect();
    let texts = data
        .iter()
        .filter_map(|test| test["pattern"].as_array()?.first()?["pathname"].as_str());
    let mut index = Index::with_base(base.clone());
    let mut held = Vec::new();
    for text in texts.chain(["*", "https://*/*", "https://hub.example/:a"]) {
        if let Ok(selector) = Selector::url_pattern(text, Some(&base)) {
            held.push((index.insert(selector.clone()).unwrap(), selector));
        }
    }
    assert!(held.len() > 100 && topics.len() > 100);
    let mut matches = Matches::new();
    for topic in topics {
        index.find(topic, &mut matches);
        let found = held.iter().filter(|(_, selector)| selector.matches(topic));
        let mut expected: Vec<_> = found.map(|(id, _)| *id).collect();
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(matches.ids(), expected, "{topic}");
    }
    for (id, _) in &held {
        index.remove(*id);
    }
    assert!(index.is_empty());
}
