use super::{is_ci, tool};

#[test]
fn finds_what_every_machine_has() {
    assert!(tool("sh").is_some_and(|path| path.is_absolute()));
}

#[test]
fn what_is_missing_is_skipped_or_under_ci_a_failure() {
    let found = std::panic::catch_unwind(|| tool("no-such-program-anywhere"));
    assert_eq!(found.is_err(), is_ci());
    assert!(found.is_err() || found.is_ok_and(|path| path.is_none()));
}
