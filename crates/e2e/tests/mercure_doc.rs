//! Whether `docs/mercure.md` tells the truth. In: the page, and the list of the protocol's rules. Out: each rule
//! without a row, and each row whose test is not where it says.
//!
//! Next: `docs/mercure.md` itself.

mod pages;

use pages::{has_test, read};
use std::collections::BTreeSet;

/// How many rules each dialect has, and how many follow from both being on one URL.
const RULES: &[(&str, u32)] = &[("A", 42), ("B", 33), ("C", 7)];

/// What is wrong with the page, a line for each.
fn faults(page: &str) -> Vec<String> {
    let rules = RULES.iter();
    let rules =
        rules.flat_map(|(part, last)| (1..=*last).map(move |rule| format!("{part}.{rule}")));
    let mut missing: BTreeSet<String> = rules.collect();
    let mut faults = Vec::new();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    for row in rows.filter(|row| !row.starts_with("rule |")) {
        let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
        let [rule, says, tests] = cells[..] else {
            faults.push(format!("not a row of three cells: {row}"));
            continue;
        };
        if !missing.remove(rule) || says.is_empty() {
            faults.push(format!("{rule}: no such rule, twice, or says nothing"));
        }
        faults.extend(test_faults(tests).map(|fault| format!("{rule}: {fault}")));
    }
    faults.extend(missing.iter().map(|rule| format!("{rule}: has no row")));
    faults
}

fn test_faults(cell: &str) -> impl Iterator<Item = String> {
    let sites: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
    let none = sites.is_empty().then(|| "names nothing".to_owned());
    let missing = sites.into_iter().filter(|site| {
        let found = site.split_once(".rs::");
        !found.is_some_and(|(file, test)| has_test(&read(&format!("crates/{file}.rs")), test))
    });
    let missing: Vec<String> = missing.map(|site| format!("{site} is not there")).collect();
    none.into_iter().chain(missing)
}

#[test]
fn every_rule_of_the_protocol_has_a_test() {
    let faults = faults(&read("docs/mercure.md"));
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn what_is_not_there_is_found() {
    let page = "\
| rule | what it says | test |
|---|---|---|
| A.1 | good | `e2e/tests/mercure_doc.rs::what_is_not_there_is_found` |
| A.2 | no test | `e2e/tests/mercure_doc.rs::faults` |
| A.3 | no file | `e2e/tests/nowhere.rs::a` `e2e/tests/mercure_doc.rs::b` |
| A.4 | nothing named | |
| A.1 | twice | `e2e/tests/mercure_doc.rs::what_is_not_there_is_found` |
| D.1 | no such rule | `e2e/tests/mercure_doc.rs::what_is_not_there_is_found` |
";
    let faults = faults(page);
    let about = |rule: &str| faults.iter().filter(|fault| fault.contains(rule)).count();
    let counts = ["A.1:", "A.2:", "A.3:", "D.1:"].map(about);
    assert_eq!(counts, [1, 1, 2, 1], "{faults:#?}");
    let unnamed = faults
        .iter()
        .filter(|fault| fault.ends_with("has no row"))
        .count();
    let rules: u32 = RULES.iter().map(|(_, last)| last).sum();
    assert_eq!(unnamed, usize::try_from(rules).unwrap() - 4, "{faults:#?}");
}
