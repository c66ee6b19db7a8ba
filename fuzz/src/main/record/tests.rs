//! Rows and their sums.

use super::{Search, added};

const OLD: &str = "\
# Searches

| date | machine | commit | target | seconds | executions | cov | ft | corpus | found |
|---|---|---|---|---|---|---|---|---|---|
| 2026-11-21 | Some CPU | faa192b6062f | decoder | 1800 | 1000 | 10 | 300 | 5/8Kb | nothing |
";

#[test]
fn rows_of_another_day_are_kept_and_added_up() {
    let row = "| 2026-11-22 | Some CPU | 0123456789ab | decoder | 1800 | 900 | 500 | 12 | 200 | 6/9Kb | something |";
    let once = added(OLD, row);
    assert!(once.contains("| decoder | 2 | 1.00 | 0.25 | 1500 | 12 | 300 | 1 |\n"));
    assert!(once.contains("| decoder | 1800 | – | 1000 | 10 | 300 | 5/8Kb | nothing |\n"));
    assert!(once.contains("| splits | 0 | 0.00 | 0.00 | 0 | 0 | 0 | 0 |\n"));
    assert!(once.contains("| all | 2 | 1.00 | 0.25 | 1500 | 12 | 300 | 1 |\n"));
    let twice = added(&once, row);
    assert!(twice.contains("| decoder | 3 | 1.50 | 0.50 | 2000 | 12 | 300 | 2 |\n"));
    assert_eq!(twice.matches("2026-11-2").count(), 3);
    assert!(twice.ends_with(&format!("{row}\n{row}\n")));
}

#[test]
fn a_row_is_read_as_it_was_written() {
    let search = Search {
        target: "splits".to_owned(),
        seconds: 7,
        cpu: Some(6),
        executions: 8,
        edges: 9,
        features: 10,
        corpus: "11/12Kb".to_owned(),
        found: true,
    };
    let machine = xtask::Machine::look();
    let row = search.row(&machine);
    assert!(row.contains(&machine.cpu), "{row}");
    let read = Search::from_row(&row).unwrap();
    assert_eq!(format!("{read:?}"), format!("{search:?}"));
}
