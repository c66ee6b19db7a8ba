//! The page, and the parts that make it.

use crate::chart::{Bar, Chart, Role};
use crate::page::Page;
use crate::record::Record;
use crate::{lost, node, section, soaks};
use std::path::Path;

#[test]
fn the_page_is_what_the_records_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Page::of(&root).unwrap().check().unwrap();
}

fn chart(unit: &str, ours: f64, peers: [f64; 2]) -> Chart {
    let bar = |label: &str, value, role| Bar {
        label: label.to_owned(),
        value,
        role,
    };
    Chart {
        title: "a row".to_owned(),
        unit: unit.to_owned(),
        bars: vec![
            bar("wellspring", ours, Role::Ours),
            bar("one", peers[0], Role::Peer),
            bar("other", peers[1], Role::Peer),
            bar("floor", 0.0, Role::Floor),
            bar("memchr", 1e6, Role::Anchor),
        ],
    }
}

fn summary(charts: Vec<Chart>, text: &str) -> String {
    let record = Record {
        text: text.to_owned(),
        compared: charts,
        ..Record::default()
    };
    lost::section(&[("client", &record)])
}

#[test]
fn what_is_lost_is_said_and_what_is_won_is_counted() {
    let charts = vec![
        chart("s, less is better", 1.0, [2.0, 3.0]),
        chart("s, less is better", 2.0, [4.0, 1.0]),
        chart("GB/s, more is better", 2.0, [4.0, 3.0]),
    ];
    let text = summary(charts, "| wellspring | **FAIL** |");
    assert!(text.contains("| client | 3 | 1 | 2 | 1 |\n"), "{text}");
    let slower = "| client | a row (s) | wellspring | 2.00 | other | 1.00 | 0.50 |\n";
    let less = "| client | a row (GB/s) | wellspring | 2.00 | one | 4.00 | 0.50 |\n";
    assert!(text.contains(slower) && text.contains(less), "{text}");
}

#[test]
fn nothing_lost_leaves_no_table_of_losses() {
    let charts = vec![chart("s, less is better", 1.0, [2.0, 1.0])];
    let text = summary(charts, "");
    assert!(text.contains("| client | 1 | 1 | 0 | 0 |\n"), "{text}");
    assert!(!text.contains("best peer | value"), "{text}");
}

#[test]
fn charts_come_back_from_a_record() {
    let chart = chart("s, less is better", 1.5, [2.0, 3.0]);
    assert_eq!(Chart::from_json(&chart.json()), Some(chart));
}

#[test]
fn records_of_node_are_compared_without_their_floor() {
    let text = "\
# Node, 2026-11-21

- machine

## Node 20

1000 events:

| client | version | events/s | CPU s per million |
|---|---|---|---|
| floor | v20 | 900 | 0.20 |
| wellspring | v20 | 400 | 1.20 |
| undici | 7.1.0 | 300 | 2.40 |

## Node 24

1000 events:

| client | version | events/s | CPU s per million |
|---|---|---|---|
| wellspring | v24 | 300 | 3.00 |
| undici | 8.1.0 | 400 | 2.40 |
";
    let record = node::with_charts(Record {
        text: text.to_owned(),
        ..Record::default()
    });
    let titles: Vec<&str> = record.charts.iter().map(|chart| &*chart.title).collect();
    assert_eq!(titles, ["Node 24: 1000 events"]);
    let text = lost::section(&[("node", &record)]);
    assert!(text.contains("| node | 4 | 2 | 2 | 0 |\n"), "{text}");
    assert!(
        text.contains("| node | Node 24: 1000 events (events/s) | wellspring |"),
        "{text}"
    );
}

#[test]
fn headings_and_links_fit_the_page() {
    let text =
        "# Title\n\n- again: `x`\n- kept\n\n### Row\n![plot](a.svg) [site](https://example.org)\n";
    let moved = section::under(4, &section::shifted(text));
    assert_eq!(
        moved,
        "#### Title\n\n- kept\n\n###### Row\n![plot](../bench/record/a.svg) [site](https://example.org)\n\n"
    );
}

#[test]
fn soaks_show_their_figures() {
    let text = "# Soak faults, 2026-11-21\n\nten cuts: held.\n\n- cpu\n- 461 s, building included\n- again: `x`\n\n- 0 lost\n- 0 doubled\n";
    let record = Record {
        file: "2026-11-21-cpu-soak-faults.md".to_owned(),
        text: text.to_owned(),
        ..Record::default()
    };
    let section = soaks::section(&[("faults".to_owned(), record)]);
    let row = "| `cargo xtask soak faults` | ten cuts | 0 lost; 0 doubled | 461 s | [2026-11-21](../bench/record/2026-11-21-cpu-soak-faults.md) |\n";
    assert!(section.contains(row), "{section}");
}

#[test]
fn a_soak_with_many_figures_shows_the_first() {
    let figures: String = (0..9)
        .map(|number| format!("- figure {number}\n"))
        .collect();
    let record = Record {
        text: format!("# Soak many\n\nten: held.\n\n- again: `x`\n\n{figures}- Debug {{ }}\n"),
        ..Record::default()
    };
    let section = soaks::section(&[("many".to_owned(), record)]);
    assert!(
        section.contains("; figure 5; and more in the record |"),
        "{section}"
    );
}

#[test]
fn searches_are_shown_added_up() {
    let record = "# Searches\n\n## Added up\n\n| target |\n|---|\n| all |\n\n## One by one\n\n| date |\n|---|\n";
    let section = soaks::fuzzing(record);
    assert!(section.contains("| target |\n|---|\n| all |\n"));
    assert!(!section.contains("date"));
}
