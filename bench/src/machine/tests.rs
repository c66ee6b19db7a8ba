//! Dates and versions are read right.

use super::{Machine, civil, version};

#[test]
fn days_become_dates() {
    assert_eq!(civil(0), (1970, 1, 1));
    assert_eq!(civil(19_782), (2024, 2, 29));
    assert_eq!(civil(20_778), (2026, 11, 21));
}

#[test]
fn versions_come_from_the_lock_file() {
    assert!(version("sse-core").is_some_and(|version| version.starts_with("0.2.")));
    assert_eq!(version("no-such-package"), None);
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
