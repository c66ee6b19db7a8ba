use super::*;

#[test]
fn a_header_is_cut_at_its_first_colon() {
    let cut = |text| header(text).unwrap();
    assert_eq!(cut("A: b"), ("A".into(), "b".into()));
    assert_eq!(
        cut("Authorization:x:y"),
        ("Authorization".into(), "x:y".into())
    );
    assert_eq!(cut("Empty:"), ("Empty".into(), String::new()));
    assert!(header("no colon").is_err());
}

#[test]
fn a_password_may_have_colons_and_is_not_shown() {
    let user = user("ann:a:b").unwrap();
    assert_eq!((user.name.as_str(), user.password.as_str()), ("ann", "a:b"));
    assert!(!format!("{user:?}").contains("a:b"));
    assert!(super::user("ann").is_err());
}
