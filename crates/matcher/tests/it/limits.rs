//! What is refused, and what a topic costs.

use std::time::{Duration, Instant};
use wellspring_matcher::{
    Index, MAX_CROWD, MAX_EXPRESSIONS, MAX_LENGTH, MAX_VARIABLES, Matches, Selector, SelectorError,
};

#[test]
fn a_selector_over_a_limit_is_refused() {
    let long = "a".repeat(MAX_LENGTH + 1);
    assert_eq!(Selector::parse(&long), Err(SelectorError::TooLong));
    assert_eq!(Selector::exact(&long), Err(SelectorError::TooLong));
    assert!(Selector::parse(&long[1..]).is_ok());

    let expressions = "{a}".repeat(MAX_EXPRESSIONS);
    assert!(Selector::parse(&expressions).is_ok());
    let more = format!("{expressions}{{a}}");
    assert_eq!(
        Selector::parse(&more),
        Err(SelectorError::TooManyExpressions)
    );

    let variables = vec!["a"; MAX_VARIABLES].join(",");
    assert!(Selector::parse(&format!("{{{variables}}}")).is_ok());
    let more = Selector::parse(&format!("{{{variables},a}}"));
    assert_eq!(more, Err(SelectorError::TooManyVariables));
    let says = "the selector has more than 256 variables";
    assert_eq!(more.unwrap_err().to_string(), says);
}

#[test]
fn a_crowd_of_expressions_at_one_place_is_refused_and_nothing_changes() {
    // `{/a}{?…}`, `{/a,a}{?…}`, …: no two are the same, and each may be empty.
    let lists: Vec<String> = (1..=64).map(|n| vec!["a"; n].join(",")).collect();
    let pairs = lists.iter().flat_map(|a| lists.iter().map(move |b| (a, b)));
    let texts: Vec<String> = pairs
        .map(|(a, b)| format!("/x{{/{a}}}{{?{b}}}/y"))
        .collect();
    let mut index = Index::new();
    let mut refused = 0;
    for text in &texts {
        let selector = Selector::parse(text).unwrap();
        match index.insert(selector) {
            Ok(_) => assert_eq!(refused, 0, "once it is full it stays so"),
            Err(error) => {
                assert!(error.to_string().contains("1024"));
                refused += 1;
            }
        }
    }
    let inserted = index.len();
    assert!(
        refused > 0 && inserted <= MAX_CROWD + 1,
        "{inserted} of {}",
        texts.len()
    );
    let elsewhere = Selector::parse("/z{/a}{?b}/y").unwrap();
    assert!(index.insert(elsewhere).is_ok());
    let mut matches = Matches::new();
    index.find("/x/y", &mut matches);
    assert_eq!(matches.ids().len(), inserted);
}

#[test]
fn expressions_that_are_read_beside_others_are_counted_while_they_are_there() {
    let insert = |index: &mut Index, text: &str| index.insert(Selector::parse(text).unwrap());
    let mut index = Index::new();
    // Each lets `{b}` be read beside `{+a}`, 30 times over.
    let hostile = |n: usize| format!("/{{+a}}{n}{}x", "e{b}".repeat(30));
    let mut ids = Vec::new();
    while let Ok(id) = insert(&mut index, &hostile(ids.len())) {
        ids.push(id);
    }
    assert_eq!(ids.len(), MAX_CROWD / 30);
    // What ends with the expression leads no further; what cannot have a slash ends before one.
    for harmless in [
        "/{+a}/7{?b}",
        "/users/{id}/books/{book}{?page}{#part}",
        "/{+a}0e{b}",
    ] {
        assert!(insert(&mut index, harmless).is_ok(), "{harmless}");
    }
    for id in ids.drain(..) {
        index.remove(id);
    }
    for n in 0..MAX_CROWD / 30 {
        assert!(
            insert(&mut index, &hostile(n)).is_ok(),
            "there is room again"
        );
    }
    assert!(insert(&mut index, &hostile(MAX_CROWD)).is_err());
}

#[test]
fn a_host_that_may_be_any_is_not_read_beside_the_path() {
    let mut index = Index::new();
    for n in 0..=MAX_CROWD {
        let pattern = Selector::url_pattern(&format!("https://*/{n}/:id/page"), None).unwrap();
        assert!(index.insert(pattern).is_ok(), "{n}");
    }
    let mut matches = Matches::new();
    index.find("https://b.example/77/a/page", &mut matches);
    assert_eq!(matches.ids().len(), 1);
}

/// The time of one topic among so many selectors, the least of several.
fn time(index: &Index, topic: &str, found: usize) -> Duration {
    let mut matches = Matches::new();
    let times = (0..20).map(|_| {
        let start = Instant::now();
        index.find(topic, &mut matches);
        let time = start.elapsed();
        assert_eq!(matches.ids().len(), found, "{topic}");
        time
    });
    times.min().unwrap()
}

#[test]
fn a_topic_costs_the_same_among_a_hundred_thousand_selectors() {
    let kinds: [fn(u32) -> String; 3] = [
        |n| format!("https://shop.example/users/{n}"),
        |n| format!("https://shop.example/{{lang}}/users/{n}"),
        |n| format!("https://shop.example/{{+path}}/{n}{{?page}}"),
    ];
    for kind in kinds {
        let mut few = Index::new();
        let mut many = Index::new();
        for n in 0..100_000 {
            let selector = Selector::parse(&kind(n)).unwrap();
            if n % 1_000 == 777 {
                few.insert(selector.clone()).unwrap();
            }
            many.insert(selector).unwrap();
        }
        let topic = kind(77_777)
            .replace("{lang}", "en")
            .replace("{+path}", "a/b");
        let topic = topic.replace("{?page}", "");
        let (few, many) = (time(&few, &topic, 1), time(&many, &topic, 1));
        // A scan would take a thousand times as long.
        assert!(
            many < 20 * few + Duration::from_micros(50),
            "{topic}: {few:?}, {many:?}"
        );
    }
}

#[test]
fn a_topic_is_read_in_linear_time_however_many_ways_there_are() {
    let selector = Selector::parse(&"{+a}1".repeat(MAX_EXPRESSIONS)).unwrap();
    let mut index = Index::new();
    index.insert(selector.clone()).unwrap();
    let mut matches = Matches::new();
    let mut time = |length: usize| {
        let topic = "1".repeat(length) + "2";
        let times = (0..5).map(|_| {
            let start = Instant::now();
            assert!(!selector.matches(&topic));
            index.find(&topic, &mut matches);
            assert!(matches.ids().is_empty());
            start.elapsed()
        });
        times.min().unwrap()
    };
    let (short, long) = (time(1_000), time(8_000));
    assert!(long < 24 * short, "8 times the length: {short:?}, {long:?}");
}

/// The least time of several that both take to see that the topic does not match.
fn time_of_no_match(template: &str, topic: &str) -> Duration {
    let selector = Selector::parse(template).unwrap();
    let mut index = Index::new();
    index.insert(selector.clone()).unwrap();
    let mut matches = Matches::new();
    // Short and often: one of them is not interrupted.
    let times = (0..40).map(|_| {
        let start = Instant::now();
        assert!(!selector.matches(topic));
        index.find(topic, &mut matches);
        assert!(matches.ids().is_empty());
        start.elapsed()
    });
    times.min().unwrap()
}

#[test]
fn expressions_side_by_side_cost_as_much_as_each_alone() {
    let topic = "1".repeat(60) + " ";
    let few = time_of_no_match(&"{+a}".repeat(4), &topic);
    let many = time_of_no_match(&"{+a}".repeat(MAX_EXPRESSIONS), &topic);
    assert!(many < 24 * few, "8 times as many: {few:?}, {many:?}");
}

#[test]
fn literal_text_costs_little_however_often_it_may_begin() {
    let topic = "1".repeat(MAX_LENGTH) + " ";
    let short = time_of_no_match("{+a}12", &topic);
    let long = time_of_no_match(&format!("{{+a}}{}2", "1".repeat(4_000)), &topic);
    assert!(
        long < 12 * short,
        "2,000 times as long: {short:?}, {long:?}"
    );
}
