use super::parse;

#[test]
fn a_repeated_member_is_an_error_at_any_depth() {
    for bad in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":[{"b":1,"c":2,"b":3}]}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"a":{"a":1,"a":{}}}"#,
    ] {
        assert!(parse(bad.as_bytes()).is_err(), "{bad}");
    }
    for good in [
        r#"{"a":{"a":1},"b":[{"a":1},{"a":2}]}"#,
        "[]",
        "1e3",
        "null",
    ] {
        assert!(parse(good.as_bytes()).is_ok(), "{good}");
    }
}

#[test]
fn values_are_what_the_usual_reader_makes_of_them() {
    let text = r#"{"a":[1,-2,3.5,true,null,"\u00e9"],"b":{"c":18446744073709551615}}"#;
    let usual: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(parse(text.as_bytes()).unwrap(), usual);
}

#[test]
fn what_is_no_json_is_an_error() {
    let deep = "[".repeat(100_000);
    for bad in ["", "{", "{}{}", "{} x", "nan", "1e999", "\u{feff}{}", &deep] {
        assert!(parse(bad.as_bytes()).is_err());
    }
    assert!(parse(b"\"\xff\"").is_err());
}
