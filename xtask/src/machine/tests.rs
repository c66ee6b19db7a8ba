//! Dates and processors are read right.

use super::{Machine, civil};

#[test]
fn days_become_dates() {
    assert_eq!(civil(0), (1970, 1, 1));
    assert_eq!(civil(19_782), (2024, 2, 29));
    assert_eq!(civil(20_778), (2026, 11, 21));
}

#[test]
fn a_processor_becomes_part_of_a_file_name() {
    let cpu = "Intel(R) Xeon(R) Processor 6-167".into();
    let machine = Machine {
        cpu,
        ..Machine::look()
    };
    assert_eq!(machine.cpu_slug(), "intel-xeon-processor-6-167");
}

#[test]
fn a_record_is_named_by_date_machine_and_figures() {
    let machine = Machine {
        date: "2026-11-21".into(),
        cpu: "X 1".into(),
        ..Machine::look()
    };
    let path = machine.record("soak-faults");
    assert!(path.ends_with("bench/record/2026-11-21-x-1-soak-faults.md"));
}

#[test]
fn records_say_it_in_a_line_or_in_a_list() {
    let machine = Machine {
        date: "2026-11-21".into(),
        cpu: "X 1".into(),
        cores: 2,
        system: "Linux 6".into(),
        rustc: "rustc 1",
        commit: "c0ffee".into(),
    };
    assert_eq!(
        machine.to_string(),
        "X 1, 2 cores, Linux 6; rustc 1; c0ffee"
    );
    let list = "- X 1, 2 cores; Linux 6\n- rustc 1; release\n- commit c0ffee\n";
    assert_eq!(machine.list("release"), list);
}
