use std::io::Write;

use super::*;

#[test]
fn a_secret_is_a_word_or_what_is_in_a_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"!ChangeThis Key!\r\n").unwrap();
    let named = format!("@{}", file.path().display());
    assert_eq!(Secret::key(&named).unwrap().as_str(), "!ChangeThis Key!");
    assert_eq!(Secret::key("a key").unwrap().as_str(), "a key");
    assert_eq!(Secret::token("a.b.c").unwrap().as_str(), "a.b.c");
}

#[test]
fn what_is_no_secret_is_refused() {
    assert!(Secret::key("").is_err());
    assert!(Secret::token("a b").is_err());
    let missing = Secret::key("@/there/is/no/such/file").unwrap_err();
    assert!(missing.starts_with("/there/is/no/such/file: "), "{missing}");
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(Secret::key(&format!("@{}", file.path().display())).is_err());
}
