//! Whether every test that ARCHITECTURE.md, SECURITY.md and docs/comparison.md name is there. In: the
//! pages. Out: the tests that are not.
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
fn every_cell_of_ours_in_the_comparison_has_a_test() {
    let page = read("docs/comparison.md");
    let features = page.split_once("<!-- features: begin -->");
    let features = features.and_then(|(_, rest)| rest.split_once("<!-- features: end -->"));
    let (features, _) = features.expect("the page marks where its features are");
    let sites_of_row = |row: &&str| sites(row).iter().filter(|site| is_test(site)).count();
    let rows = features.lines().filter(|line| line.starts_with("| "));
    let rows = rows.filter(|row| !row.starts_with("| |"));
    let backed: Vec<_> = rows.map(|row| (row, sites_of_row(&row))).collect();
    assert!(backed.len() > 30, "{} rows", backed.len());
    let unbacked = backed.iter().filter(|(_, tests)| *tests == 0);
    assert_eq!(unbacked.collect::<Vec<_>>(), Vec::<&(&str, usize)>::new());
    assert_eq!(missing("docs/comparison.md"), Vec::<String>::new());
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
