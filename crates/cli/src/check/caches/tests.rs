use super::super::finding::Severity;
use super::super::head::tests::head;
use super::*;

#[test]
fn what_the_server_allows_is_judged() {
    for (value, expected) in [
        ("max-age=60", Severity::Warning),
        ("No-Store", Severity::Note),
        ("no-store, No-Transform", Severity::Ok),
        ("no-cache=\"set-cookie\", no-transform", Severity::Ok),
    ] {
        let found = allowed(&head(&[("cache-control", value)]));
        assert_eq!(found.severity, expected, "{value}");
    }
    assert_eq!(allowed(&head(&[])).severity, Severity::Warning);
}

#[test]
fn an_answer_of_a_cache_is_known_by_what_it_says() {
    for (name, value, expected) in [
        ("x-cache", "HIT from edge", true),
        ("x-cache", "MISS from white.example", false),
        ("x-cache", "MISS from hit.example", false),
        ("x-cache", "MISS, HIT", true),
        ("x-cache", "TCP_MEM_HIT", true),
        ("x-cache-status", "MISS", false),
        ("cf-cache-status", "HIT", true),
        ("cf-cache-status", "DYNAMIC", false),
        ("cache-status", "\"hit\"; fwd=miss; stored", false),
        ("cache-status", "Squid; hit", true),
        ("x-varnish", "32770", false),
        ("x-varnish", "65541 131078", true),
        ("age", "0", false),
        ("age", "7", true),
        ("age", "soon", false),
    ] {
        let found = hit(&head(&[(name, value)]));
        assert_eq!(found.is_some(), expected, "{name}: {value}");
    }
}
