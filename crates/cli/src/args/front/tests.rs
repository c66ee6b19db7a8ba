use super::*;

#[test]
fn a_host_is_a_name_alone() {
    for (good, name) in [
        ("app.example", "app.example"),
        ("App.Example.", "app.example"),
        ("bücher.example", "xn--bcher-kva.example"),
    ] {
        assert_eq!(host(good).as_deref(), Ok(name), "{good}");
    }
    for bad in [
        "",
        "app.example:80",
        "https://app.example",
        "a/b",
        "a b",
        "u@a.example",
        "*",
        "10.0.0.1",
        "[::1]",
    ] {
        assert!(host(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_base_path_is_a_path_alone() {
    for (good, path) in [
        ("/live", "/live"),
        ("/a/b/", "/a/b"),
        ("/%C3%BC", "/%C3%BC"),
    ] {
        assert_eq!(base_path(good).as_deref(), Ok(path), "{good}");
    }
    for bad in ["", "/", "live", "/a?b", "/a#b", "/a b", "http://a/b"] {
        assert!(base_path(bad).is_err(), "{bad}");
    }
}
