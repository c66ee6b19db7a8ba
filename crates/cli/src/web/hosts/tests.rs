use super::*;

fn request(version: Version, target: &str, headers: &[&str]) -> Request<()> {
    let mut request = Request::builder().version(version).uri(target);
    for host in headers {
        request = request.header(HOST, *host);
    }
    request.body(()).unwrap()
}

/// The status of the refusal, if there is one.
fn refused(hosts: &Hosts, request: &Request<()>) -> Option<u16> {
    hosts
        .refuse(request)
        .map(|refusal| refusal.status().as_u16())
}

#[test]
fn localhost_and_addresses_are_answered_and_other_names_are_not() {
    let hosts = Hosts::only(vec!["app.example".to_owned()]);
    for good in [
        "localhost",
        "localhost:8080",
        "LocalHost.",
        "a.b.localhost",
        "127.0.0.1:1",
        "192.168.1.5",
        "[::1]:8080",
        "[fd00::1]",
        "app.example",
        "App.Example.:443",
    ] {
        let request = request(Version::HTTP_11, "/", &[good]);
        assert_eq!(refused(&hosts, &request), None, "{good}");
    }
    for bad in [
        "",
        "evil.example",
        "sub.app.example",
        "localhost.evil.example",
        "notlocalhost",
        "localhost..",
        "127.0.0.1.evil.example",
        "127.1",
        "0x7f000001",
        "[::1].evil",
    ] {
        let request = request(Version::HTTP_11, "/", &[bad]);
        assert!(
            matches!(refused(&hosts, &request), Some(400 | 421)),
            "{bad}"
        );
    }
}

#[test]
fn any_name_is_answered_where_it_does_not_matter() {
    let request = request(Version::HTTP_11, "/", &["evil.example"]);
    assert_eq!(refused(&Hosts::any(), &request), None);
}

#[test]
fn a_request_says_one_host() {
    let cases: [(Version, &str, &[&str], Option<u16>); 14] = [
        (Version::HTTP_11, "/", &[], Some(400)),
        (
            Version::HTTP_11,
            "/",
            &["localhost", "localhost"],
            Some(400),
        ),
        (Version::HTTP_11, "/", &["user@localhost"], Some(400)),
        (Version::HTTP_11, "/", &["local host"], Some(400)),
        (Version::HTTP_11, "http://localhost/", &[], Some(400)),
        (Version::HTTP_11, "http://localhost/", &["localhost"], None),
        (
            Version::HTTP_11,
            "http://evil.example/",
            &["localhost"],
            Some(421),
        ),
        (
            Version::HTTP_11,
            "http://localhost/",
            &["evil.example"],
            Some(421),
        ),
        (Version::HTTP_10, "/", &[], None),
        (Version::HTTP_10, "/", &["a", "b"], Some(400)),
        (Version::HTTP_2, "https://localhost:1/", &[], None),
        (Version::HTTP_2, "https://evil.example/", &[], Some(421)),
        (
            Version::HTTP_2,
            "https://localhost/",
            &["evil.example"],
            Some(400),
        ),
        (Version::HTTP_2, "/", &[], Some(400)),
    ];
    let hosts = Hosts::only(Vec::new());
    for (version, target, headers, status) in cases {
        let request = request(version, target, headers);
        assert_eq!(
            refused(&hosts, &request),
            status,
            "{version:?} {target} {headers:?}"
        );
    }
}
