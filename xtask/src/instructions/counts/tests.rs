use super::{Counts, Record};

fn counts(rows: &[(&str, u64)]) -> Counts {
    let mut counts = Counts::default();
    rows.iter()
        .for_each(|(row, count)| counts.push(row, *count));
    counts
}

#[test]
fn two_percent_more_pass_and_a_hair_over_fails_by_name() {
    let known = counts(&[("a", 1_000), ("b", 1_000)]);
    let at_the_edge = counts(&[("a", 1_020), ("b", 10)]).beside(&known);
    assert!(at_the_edge.over.is_empty() && !at_the_edge.new);
    let over = counts(&[("a", 1_000), ("b", 1_021)]).beside(&known);
    assert_eq!(over.over, ["b (+2.10 %)"]);
    assert!(over.table.contains("+2.10 %"));
}

#[test]
fn rows_that_come_or_go_are_noticed() {
    let known = counts(&[("a", 1_000)]);
    assert!(counts(&[("a", 1_000), ("b", 1)]).beside(&known).new);
    assert!(counts(&[]).beside(&known).new);
    assert!(
        counts(&[("a", 5)])
            .beside(&Counts::default())
            .table
            .contains("new")
    );
}

#[test]
fn the_file_is_read_as_it_was_written() {
    let mut record = Record::default();
    record.set("rustc 2; cpu", &counts(&[("a", 7), ("b", 8)]));
    record.set("rustc 1; cpu", &counts(&[("a", 9)]));
    let mut again = Record::read(&record.text());
    assert_eq!(again.text(), record.text());
    assert_eq!(
        again.of("rustc 2; cpu"),
        Some(&counts(&[("a", 7), ("b", 8)]))
    );
    assert_eq!(again.of("rustc 3; cpu"), None);
    again.set("rustc 1; cpu", &counts(&[("a", 1)]));
    assert_eq!(again.of("rustc 1; cpu"), Some(&counts(&[("a", 1)])));
    assert_eq!(again.text().matches("## ").count(), 2);
}
