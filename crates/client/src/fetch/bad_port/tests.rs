use super::*;

#[test]
fn ports_of_other_protocols_are_bad() {
    let is_bad = |url: &str| is_bad(&url.parse().unwrap());
    assert!(BAD_PORTS.is_sorted());
    for url in [
        "http://a:25/",
        "https://a:6667/",
        "http://a:10080/",
        "http://a:0/",
    ] {
        assert!(is_bad(url), "{url}");
    }
    for url in [
        "http://a/",
        "http://a:80/",
        "https://a/",
        "http://a:443/",
        "http://a:8080/",
        "http://a:6670/",
    ] {
        assert!(!is_bad(url), "{url}");
    }
}
