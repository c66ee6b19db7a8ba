use super::*;

#[test]
fn a_token_is_the_same_or_not() {
    let token = Token::new("s3cret").unwrap();
    assert!(token.is(b"s3cret"));
    for other in ["", "s", "s3cre", "s3creT", "s3cretx", "s3crets3cret"] {
        assert!(!token.is(other.as_bytes()), "{other}");
    }
    assert_eq!(format!("{token:?}"), "Token");
}

#[test]
fn a_token_fits_into_a_header() {
    for bad in ["", "two words", "tab\t", "line\n", "größe", "\0"] {
        assert!(Token::new(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn an_origin_is_written_as_browsers_do() {
    for good in ["*", "https://app.example", "http://localhost:3000"] {
        assert_eq!(origin(good), Ok(good.to_owned()));
    }
    let slash = origin("https://app.example/").unwrap_err();
    assert!(
        slash.ends_with("did you mean https://app.example?"),
        "{slash}"
    );
    for bad in ["", "app.example", "null", "data:,", "file:///etc"] {
        assert!(origin(bad).is_err(), "{bad}");
    }
}
