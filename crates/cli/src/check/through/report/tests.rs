use super::super::super::finding::{Basis, Finding};
use super::*;

fn rows() -> Vec<Row> {
    let late = Finding::error("buffering", "events wait", "first\nsecond\u{1B}[2J")
        .because("server: a}")
        .on(Basis::Header);
    let long = "x".repeat(100);
    vec![
        Row::new(Finding::ok("status", ""), "200", "200"),
        Row::new(late, "in 3 bursts", format!("in 1 burst\u{9B}31m {long}")),
    ]
}

#[test]
fn the_table_has_a_column_for_each_way() {
    let urls = ["http://a/", "http://b/"];
    let table = table(urls, Duration::from_secs(2), &rows(), Paint::never());
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "direct   http://a/");
    assert_eq!(lines[1], "through  http://b/ (2 s)");
    assert_eq!(lines[4], "ok       status      200          200");
    assert!(
        lines[5].starts_with("error    buffering   in 3 bursts  in 1 burst"),
        "{table}"
    );
    assert!(lines[5].ends_with('…'));
    assert_eq!(lines[7].trim(), "because: server: a} (header seen)");
    assert_eq!(lines.last(), Some(&"1 error, 0 warnings, 0 notes"));
    let is_obeyed = |ch: char| crate::plain::is_obeyed(ch) && ch != '\n';
    assert!(!table.contains(is_obeyed));
}

#[test]
fn json_has_all_of_it() {
    let json = as_json(["http://a/", "http://b/"], Duration::from_secs(2), &rows());
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&read["url"], &read["through"]),
        (&"http://a/".into(), &"http://b/".into())
    );
    assert_eq!(read["worst"], "error");
    let row = &read["compared"][1];
    assert_eq!(
        (&row["check"], &row["direct"]),
        (&"buffering".into(), &"in 3 bursts".into())
    );
    assert_eq!(
        (&row["basis"], &row["because"]),
        (&"header".into(), &"server: a}".into())
    );
    assert!(row["through"].as_str().unwrap().len() > 100);
}
