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
    for bad in ["no colon", ": a", "Bearer abc:def"] {
        assert!(header(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_password_may_have_colons_and_is_not_shown() {
    let user = user("ann:a:b").unwrap();
    assert_eq!((user.name.as_str(), user.password.as_str()), ("ann", "a:b"));
    assert!(!format!("{user:?}").contains("a:b"));
    assert!(super::user("ann").is_err());
}

#[test]
fn bytes_may_have_a_unit() {
    let sizes = ["1", "64K", "16m", "2G"].map(|text| bytes(text).unwrap());
    assert_eq!(sizes, [1, 64 << 10, 16 << 20, 2 << 30]);
    for bad in [
        "",
        "K",
        "0",
        "0K",
        "-1",
        "1.5M",
        "99999999999999999999",
        "99999999999G",
        "ä",
    ] {
        assert!(bytes(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_timeout_is_a_time() {
    assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
    for bad in ["", "x", "0", "-1", "nan", "inf", "1e19", "1e300"] {
        assert!(seconds(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_url_without_scheme_gets_a_hint() {
    let error = url("localhost:8080/sse").unwrap_err();
    assert!(error.contains("http://localhost:8080/sse"), "{error}");
    assert!(
        url("ftp://host/").is_ok(),
        "the client has the word on schemes"
    );
}
