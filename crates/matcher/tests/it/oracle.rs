//! Templates against regular expressions that were built beside them.

use crate::generated::{template, topic};
use regex::Regex;
use wellspring_matcher::Selector;

const TEMPLATES: u64 = 3_000;
const TOPICS: usize = 12;

#[test]
fn templates_match_what_their_regular_expressions_match() {
    let mut both = [0_u64; 2];
    for seed in 0..TEMPLATES {
        let mut rng = fastrand::Rng::with_seed(seed);
        let generated = template(&mut rng);
        let regex = Regex::new(&format!("^(?:{})$", generated.regex)).unwrap();
        let selector = Selector::parse(&generated.template).unwrap();
        for _ in 0..TOPICS {
            let topic = topic(&mut rng, &generated.template);
            let expected = regex.is_match(&topic);
            let template = &generated.template;
            assert_eq!(
                selector.matches(&topic),
                expected,
                "seed {seed}: {template} and {topic}"
            );
            both[usize::from(expected)] += 1;
        }
    }
    let least = TEMPLATES * TOPICS as u64 / 5;
    assert!(
        both.iter().all(|count| *count > least),
        "too few of one kind: {both:?}"
    );
}
