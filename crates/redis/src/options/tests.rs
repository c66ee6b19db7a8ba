use super::*;

fn shown(url: &str) -> String {
    match RedisOptions::parse(url) {
        Ok(options) => format!(
            "{} {} {}",
            options.place.shown(),
            options.prefix,
            options.replicas
        ),
        Err(error) => error.to_string(),
    }
}

#[test]
fn urls_name_servers_and_services() {
    for (url, expected) in [
        ("redis://a", "a:6379 wellspring 0"),
        ("redis://u:p%40@a:1/3?prefix=news&replicas=2", "a:1 news 2"),
        (
            "redis+sentinel://u:p@a,b:1,[::1]:2/main/3",
            "the primary of main wellspring 0",
        ),
    ] {
        assert_eq!(shown(url), expected, "{url}");
    }
    let debug = format!("{:?}", RedisOptions::parse("redis://user:hidden@a"));
    assert!(!debug.contains("hidden"), "{debug}");
}

#[test]
fn what_is_wrong_with_a_url_is_said_without_it() {
    for (url, says) in [
        ("http://secret", "is named by redis://HOST"),
        ("secret", "is named by redis://HOST"),
        ("redis://secret/x", "not a URL of a Redis server"),
        ("redis://secret:99999", "not a URL of a Redis server"),
        (
            "redis+sentinel://secret",
            "the name of the service is missing",
        ),
        ("redis+sentinel://sec/ret:x/main", "database"),
        (
            "redis+sentinel://sec:ret:x/main",
            "a Sentinel is HOST or HOST:PORT",
        ),
        ("redis://secret?prefix={a}", "prefix is 1 to 128"),
        ("redis://secret?prefix=", "prefix is 1 to 128"),
        ("redis://secret?replicas=17", "replicas is a number"),
        ("redis://secret?color=1", "there is no parameter \"color\""),
    ] {
        let shown = shown(url);
        assert!(shown.contains(says), "{url}: {shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
