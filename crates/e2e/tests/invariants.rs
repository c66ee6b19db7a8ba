//! Whether every test that ARCHITECTURE.md and SECURITY.md name is there. In: the two pages. Out: the
//! tests that are not.
//!
//! Next: the pages.

mod pages;

use pages::{has_test, read};

/// The `path.rs::function` sites of the page's table rows.
fn sites(page: &str) -> Vec<String> {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let quoted = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    quoted
        .filter(|text| text.contains(".rs::"))
        .map(str::to_owned)
        .collect()
}

fn is_test(site: &str) -> bool {
    let parts = site.split_once(".rs::");
    parts.is_some_and(|(file, name)| has_test(&read(&format!("crates/{file}.rs")), name))
}

fn missing(page: &str) -> Vec<String> {
    let sites = sites(&read(page));
    assert!(sites.len() >= 8, "{page} names {} tests", sites.len());
    sites.into_iter().filter(|site| !is_test(site)).collect()
}

#[test]
fn every_invariant_has_a_test() {
    assert_eq!(missing("ARCHITECTURE.md"), Vec::<String>::new());
}

#[test]
fn every_threat_has_a_test() {
    assert_eq!(missing("SECURITY.md"), Vec::<String>::new());
}

#[test]
fn every_invariant_has_its_number() {
    let page = read("ARCHITECTURE.md");
    for number in 1..=13 {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| A{number} |")));
        assert_eq!(
            row.map(|row| sites(row).is_empty()),
            Some(false),
            "A{number}"
        );
    }
}

#[test]
fn a_test_that_is_not_there_is_found() {
    assert!(is_test("e2e/tests/invariants.rs::every_threat_has_a_test"));
    assert!(!is_test("e2e/tests/invariants.rs::missing"));
    assert!(!is_test("e2e/tests/nowhere.rs::every_threat_has_a_test"));
}
