use super::*;
use clap::CommandFactory;

#[test]
fn the_command_line_is_sound() {
    Args::command().debug_assert();
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
