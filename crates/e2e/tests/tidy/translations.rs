//! The README in other languages. In: `README.md` and its translations. Out: where a translation says something else: other
//! code, other headings, other links.
//!
//! Next: `manifests.rs`.

use crate::assert_none;
use crate::source::root;
use std::fs;

/// By their tags; each page links all the others in the line below its title.
const LANGUAGES: &[&str] = &["", "ja", "ko", "zh"];

fn page(language: &str) -> String {
    match language {
        "" => "README.md".to_owned(),
        tag => format!("README.{tag}.md"),
    }
}

/// What no translation changes.
#[derive(Default, PartialEq, Debug)]
struct Bones {
    /// Each with its fence.
    blocks: Vec<String>,
    /// How many `#` each heading has.
    levels: Vec<usize>,
    /// Rows of tables, and items of lists.
    rows: usize,
    /// Where links lead, in any order, since sentences differ; those to the other languages are left out.
    links: Vec<String>,
    /// Code within sentences, in any order.
    spans: Vec<String>,
}

fn bones(text: &str) -> Bones {
    let mut bones = Bones::default();
    let mut prose = String::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        if let Some(open) = &mut block {
            open.push_str(line);
            open.push('\n');
            if line.starts_with("```") {
                bones.blocks.extend(block.take());
            }
        } else if line.starts_with("```") {
            block = Some(format!("{line}\n"));
        } else {
            if line.starts_with('#') {
                bones
                    .levels
                    .push(line.chars().take_while(|ch| *ch == '#').count());
            }
            bones.rows += usize::from(line.starts_with("| ") || line.starts_with("- "));
            prose.push_str(line);
            prose.push('\n');
        }
    }
    let links = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let links = links.filter(|link| !link.starts_with("README."));
    bones.links = sorted(links);
    bones.spans = sorted(prose.split('`').skip(1).step_by(2));
    bones
}

fn sorted<'a>(found: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = found.map(str::to_owned).collect();
    found.sort_unstable();
    found
}

/// Compares what a translation has with what the original has.
fn differences(name: &str, original: &str, translation: &str) -> Vec<String> {
    let (original, translation) = (bones(original), bones(translation));
    let mut found = Vec::new();
    let mut say = |what: &str, wanted: &dyn std::fmt::Debug, is: &dyn std::fmt::Debug| {
        found.push(format!("{name}: {what}: {is:?}, in English {wanted:?}"));
    };
    let counts = (original.blocks.len(), translation.blocks.len());
    if counts.0 != counts.1 {
        say("code blocks", &counts.0, &counts.1);
    }
    let blocks = original.blocks.iter().zip(&translation.blocks);
    if let Some((wanted, is)) = blocks.into_iter().find(|(wanted, is)| wanted != is) {
        say("a code block", wanted, is);
    }
    if original.levels != translation.levels {
        say("headings", &original.levels, &translation.levels);
    }
    if original.rows != translation.rows {
        say("rows and items", &original.rows, &translation.rows);
    }
    for (what, wanted, is) in [
        ("links", &original.links, &translation.links),
        ("code in prose", &original.spans, &translation.spans),
    ] {
        if wanted != is {
            let only = |a: &[String], b: &[String]| -> Vec<String> {
                a.iter().filter(|one| !b.contains(one)).cloned().collect()
            };
            say(what, &only(wanted, is), &only(is, wanted));
        }
    }
    found
}

#[test]
fn translations_say_the_same() {
    let read = |language: &str| fs::read_to_string(root().join(page(language))).unwrap();
    let english = read("");
    let found = LANGUAGES.iter().flat_map(|language| {
        let (name, text) = (page(language), read(language));
        let others = LANGUAGES.iter().filter(|other| *other != language);
        let unlinked = others.filter(|other| !text.contains(&format!("]({})", page(other))));
        let mut found: Vec<String> = unlinked
            .map(|other| format!("{name}: no link to {}", page(other)))
            .collect();
        found.extend(differences(&name, &english, &text));
        found
    });
    assert_none(&found.collect::<Vec<_>>());
}

#[test]
fn a_translation_that_differs_is_found() {
    let english = "# A\n\nSee [b](b.md) and `c`.\n\n```sh\nd\n```\n\n## E\n\n- f\n";
    let count = |changed: &str| differences("README.xx.md", english, changed).len();
    assert_eq!(count(english), 0);
    assert_eq!(
        count(&english.replace("See", "Siehe").replace("## E", "## Ä")),
        0
    );
    for (from, to) in [
        ("\nd\n", "\nd2\n"),
        ("```sh\nd\n```\n", ""),
        ("## E", "### E"),
        ("- f", "f"),
        ("b.md", "c.md"),
        ("`c`", "`g`"),
    ] {
        assert_eq!(count(&english.replace(from, to)), 1, "{from:?}");
    }
}
