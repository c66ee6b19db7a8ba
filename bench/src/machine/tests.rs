//! Versions are read right.

use super::version;

#[test]
fn versions_come_from_the_lock_file() {
    assert!(version("sse-core").is_some_and(|version| version.starts_with("0.2.")));
    assert_eq!(version("no-such-package"), None);
}
