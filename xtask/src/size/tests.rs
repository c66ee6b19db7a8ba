//! The bound on the release program.

use super::{judge, weigh};
use std::path::Path;

#[test]
fn one_byte_too_many_fails() {
    assert!(judge(15_000_000).is_ok());
    let why = judge(15_000_001).err().unwrap_or_default();
    assert!(why.contains("15000001 bytes"), "{why}");
}

#[test]
fn a_program_that_is_not_there_fails() {
    let why = weigh(Path::new("/no/such/program")).err();
    assert!(why.is_some_and(|why| why.starts_with("/no/such/program: ")));
}
