//! Whether `docs/standard.md` tells the truth. In: the page, and the list of the standard's steps.
//! Out: each step without a row, and each row whose code or test is not where it says.
//!
//! Next: `docs/standard.md` itself.

#![expect(clippy::unwrap_used, reason = "a table that does not parse has failed")]

mod pages;

use pages::{has_test, read};
use std::collections::BTreeSet;

/// The last step of each algorithm, by the letter that `docs/standard.md` gives the algorithm. A step
/// that has steps of its own stands before it with the last of those.
const LAST_STEPS: &[&str] = &[
    "I.9", "C.15.4", "C.16", "A.1", "R.1.3", "R.5.4", "R.5", "F.1", "Q.2", "H.2", "P.8", "T.4",
    "L.5", "N.6", "D.8", "K.2", "G.3", "X.18",
];

/// The steps that have no meaning in a program; there shall not be more.
const EXCUSED: &[&str] = &["C.2", "C.9", "C.12"];

struct Row {
    step: String,
    code: String,
    test: String,
}

fn rows(page: &str) -> Vec<Row> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("| "));
    let lines = lines.filter(|line| !line.starts_with("step |"));
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        assert!(
            cells.len() == 5 && !cells[1].is_empty(),
            "not a row of four cells: {line}"
        );
        let [step, code, test] = [cells[0], cells[2], cells[3]].map(str::to_owned);
        Row { step, code, test }
    });
    rows.collect()
}

fn steps() -> BTreeSet<String> {
    let all = LAST_STEPS.iter().flat_map(|last| {
        let (algorithm, number) = last.rsplit_once('.').unwrap();
        let last: u32 = number.parse().unwrap();
        (1..=last).map(move |step| format!("{algorithm}.{step}"))
    });
    all.collect()
}

/// What is wrong with the page, a line for each.
fn faults(page: &str) -> Vec<String> {
    let rows = rows(page);
    let mut missing = steps();
    let mut faults = Vec::new();
    for row in &rows {
        if !missing.remove(&row.step) {
            faults.push(format!("{}: no such step, or twice", row.step));
        }
        let excused = EXCUSED.contains(&row.step.as_str());
        for (what, cell) in [("code", &row.code), ("test", &row.test)] {
            let found = if excused {
                excuse_faults(cell)
            } else {
                cell_faults(what, cell)
            };
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{} {what}: {fault}", row.step)),
            );
        }
    }
    faults.extend(missing.iter().map(|step| format!("{step}: has no row")));
    faults
}

/// An excuse is a link to a heading of `docs/deviations.md`.
fn excuse_faults(cell: &str) -> Vec<String> {
    let anchor = cell
        .split_once("(deviations.md#")
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    let deviations = read("docs/deviations.md");
    let headings = deviations.lines().filter(|line| line.starts_with('#'));
    let mut anchors = headings.map(|line| {
        let words = line.trim_start_matches(['#', ' ']).to_lowercase();
        words.replace(' ', "-")
    });
    match anchor {
        Some(anchor) if anchors.any(|known| known == anchor) => vec![],
        _ => vec![format!("{cell:?} leads to no heading")],
    }
}

fn cell_faults(what: &str, cell: &str) -> Vec<String> {
    let sites: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
    if sites.is_empty() {
        return vec!["names nothing".to_owned()];
    }
    let missing = sites.into_iter().filter(|site| !is_there(what, site));
    missing.map(|site| format!("{site} is not there")).collect()
}

fn is_there(what: &str, site: &str) -> bool {
    match (what, site.split_once(".rs::")) {
        ("code", Some((file, item))) => defines(&read(&format!("crates/{file}.rs")), item),
        ("test", Some((file, function))) => has_test(&read(&format!("crates/{file}.rs")), function),
        ("test", None) => is_vector(site),
        _ => false,
    }
}

/// Whether the file defines an item, a field or a variant of this name.
fn defines(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        if line.starts_with("//") {
            return false;
        }
        let words: Vec<&str> = line
            .split(|ch: char| !(ch.is_alphanumeric() || ch == '_'))
            .filter(|word| !["pub", "crate", "super", "async", "const", ""].contains(word))
            .collect();
        let keywords = [
            "fn",
            "struct",
            "enum",
            "trait",
            "mod",
            "static",
            "macro_rules",
        ];
        match words.as_slice() {
            [keyword, word, ..] if keywords.contains(keyword) => *word == name,
            [word, ..] if line.contains("const ") => *word == name,
            [word, ..] => {
                let after = line.split_once(name).map_or("", |(_, rest)| rest);
                let member = after.starts_with([',', '(']) || after.starts_with(": ");
                *word == name && (member && !line.ends_with(';') || after == " {")
            }
            [] => false,
        }
    })
}

fn is_vector(name: &str) -> bool {
    wellspring_testkit::vectors::all().any(|vector| vector.name == name)
}

#[test]
fn every_step_of_the_standard_has_code_and_a_test() {
    let faults = faults(&read("docs/standard.md"));
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_step_has_a_row_and_every_excuse_a_heading() {
    let faults = faults(&read("docs/standard.md"));
    let about_rows = |fault: &String| !fault.ends_with(" is not there");
    let faults: Vec<_> = faults.into_iter().filter(about_rows).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn what_is_not_there_is_found() {
    let page = "\
| step | what it says | code | test |
|---|---|---|---|
| A.1 | good | `e2e/tests/standard_doc.rs::faults` | `e2e/tests/standard_doc.rs::what_is_not_there_is_found` |
| F.1 | no such item | `e2e/tests/standard_doc.rs::nowhere` | `id_is_sticky` |
| Q.1 | no such test | `e2e/tests/standard_doc.rs::Row` | `e2e/tests/standard_doc.rs::faults` |
| Q.2 | nothing named | | `no_such_vector` |
| C.2 | a bad excuse | [why](deviations.md#nowhere) | [why](deviations.md#settings-object) |
| A.1 | twice | `e2e/tests/standard_doc.rs::step` | `id_is_sticky` |
| Z.1 | no such step | `e2e/tests/standard_doc.rs::LAST_STEPS` | `id_is_sticky` |
";
    let faults = faults(page);
    let about = |step: &str| {
        faults
            .iter()
            .filter(|fault| fault.starts_with(step))
            .count()
    };
    let counts = ["A.1", "F.1", "Q.1", "Q.2", "C.2", "Z.1"].map(about);
    assert_eq!(counts, [1, 1, 1, 2, 1, 1], "{faults:#?}");
    let unnamed = faults.iter().filter(|fault| fault.ends_with("has no row"));
    assert_eq!(unnamed.count(), steps().len() - 5);
}

#[test]
fn definitions_are_told_from_uses() {
    let text = "\
pub(crate) fn a(b: u8) {
    c(b);
    const D: u8 = 1;
}
pub struct E {
    pub f: u8,
}
enum G {
    H,
    I(u8),
    J {
        k: u8,
    },
}
// fn l()
pub const fn m() {}
";
    for defined in ["a", "D", "E", "f", "G", "H", "I", "J", "k", "m"] {
        assert!(defines(text, defined), "{defined}");
    }
    for used in ["b", "c", "l", "u8", "n"] {
        assert!(!defines(text, used), "{used}");
    }
    assert!(has_test("#[test]\nfn a() {}\n", "a"));
    assert!(has_test(
        "    #[tokio::test(x)]\n    #[y]\n    async fn a() {}\n",
        "a"
    ));
    assert!(!has_test("fn a() {}\n", "a"));
    assert!(!has_test("#[test]\nfn ab() {}\n", "a"));
}
