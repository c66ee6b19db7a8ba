use super::*;

#[test]
fn a_public_url_without_a_path_gets_the_usual_one() {
    let read = |text: &str| public_url(text).map(String::from);
    assert_eq!(
        read("https://a.example").unwrap(),
        "https://a.example/.well-known/mercure"
    );
    assert_eq!(
        read("http://a.example:81/x").unwrap(),
        "http://a.example:81/x"
    );
    for bad in [
        "a.example",
        "ftp://a.example",
        "https://a.example/?x",
        "https://u:p@a.example",
        "https://a.example/#x",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}
