use super::all;
use crate::oracle;
use std::collections::HashSet;

#[test]
fn the_oracle_agrees_with_every_vector() {
    let wrong: Vec<String> = all()
        .filter_map(|vector| {
            let text = oracle::decode(vector.input).to_string();
            let expected = vector.expected();
            (text != expected).then(|| format!("{vector}\n  got:  {text}\n  want: {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_unique_and_nothing_is_left_blank() {
    let mut names = HashSet::new();
    for vector in all() {
        assert!(names.insert(vector.name), "{} twice", vector.name);
        assert!(vector.section.starts_with("9.2."), "{}", vector.name);
        assert!(vector.why.len() > 10, "{}", vector.name);
    }
    assert!(names.len() >= 60, "{}", names.len());
}
