use url::Url;

use super::*;

fn origin(url: &str) -> Origin {
    Url::parse(url).unwrap().origin()
}

#[test]
fn a_site_is_a_scheme_and_a_registrable_domain() {
    let table = [
        ("https://a.example.com", "https://b.example.com:8443", true),
        ("https://example.com", "https://a.b.example.com", true),
        ("https://example.com", "http://example.com", false),
        ("https://example.com", "https://example.org", false),
        ("https://a.co.uk", "https://b.co.uk", false),
        ("https://x.a.co.uk", "https://y.a.co.uk", true),
        ("https://co.uk", "https://co.uk:81", true),
        ("http://127.0.0.1:1", "http://127.0.0.1:2", true),
        ("http://127.0.0.1", "http://127.0.0.2", false),
        ("http://localhost:1", "http://localhost:2", true),
        ("http://localhost", "http://127.0.0.1", false),
        ("http://[::1]:1", "http://[::1]:2", true),
        (
            "http://xn--bcher-kva.example",
            "http://a.bücher.example",
            true,
        ),
    ];
    for (one, other, expected) in table {
        assert_eq!(
            same_site(&origin(one), &origin(other)),
            expected,
            "{one} {other}"
        );
    }
    let opaque = Origin::new_opaque();
    assert!(same_site(&opaque, &opaque));
    assert!(!same_site(&opaque, &Origin::new_opaque()));
    assert!(!same_site(&opaque, &origin("https://example.com")));
}

#[test]
fn what_everybody_may_register_below_is_a_public_suffix() {
    for (domain, expected) in [
        ("com", true),
        ("co.uk", true),
        ("github.io", true),
        ("example.com", false),
        ("localhost", true),
        ("unknown-top", true),
        ("a.unknown-top", false),
        ("127.0.0.1", false),
    ] {
        assert_eq!(is_public_suffix(domain), expected, "{domain}");
    }
}
