use http::Request;

use super::{Peer, address};

fn counted(peer: &str, trusted: &[&str], forwarded: &[&str]) -> Option<String> {
    let trusted: Vec<_> = trusted
        .iter()
        .map(|network| network.parse().unwrap())
        .collect();
    let mut request = Request::builder();
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    let mut request = request.body(()).unwrap();
    request.extensions_mut().insert(Peer(peer.parse().unwrap()));
    address(&request, &trusted).map(|ip| ip.to_string())
}

#[test]
fn a_proxy_is_believed_only_if_it_is_trusted() {
    type Row = (
        &'static str,
        &'static [&'static str],
        &'static [&'static str],
        Option<&'static str>,
    );
    let rows: [Row; 11] = [
        ("192.0.2.1:5", &[], &[], Some("192.0.2.1")),
        ("192.0.2.1:5", &[], &["198.51.100.1"], Some("192.0.2.1")),
        ("127.0.0.1:5", &[], &["198.51.100.1"], None),
        ("[::1]:5", &[], &[], None),
        (
            "127.0.0.1:5",
            &["127.0.0.0/8"],
            &["198.51.100.1"],
            Some("198.51.100.1"),
        ),
        // What the client itself wrote stands on the left.
        (
            "127.0.0.1:5",
            &["127.0.0.1"],
            &["10.1.1.1, 198.51.100.1"],
            Some("198.51.100.1"),
        ),
        (
            "127.0.0.1:5",
            &["127.0.0.1", "10.0.0.0/8"],
            &["198.51.100.1, 10.1.1.1"],
            Some("198.51.100.1"),
        ),
        (
            "127.0.0.1:5",
            &["127.0.0.1"],
            &["10.1.1.1", "198.51.100.1"],
            Some("198.51.100.1"),
        ),
        (
            "127.0.0.1:5",
            &["127.0.0.1"],
            &["198.51.100.1, unknown"],
            None,
        ),
        (
            "127.0.0.1:5",
            &["127.0.0.1"],
            &["[2001:db8::1]:443"],
            Some("2001:db8::"),
        ),
        ("127.0.0.1:5", &["127.0.0.1"], &[], None),
    ];
    for (peer, trusted, forwarded, expected) in rows {
        let found = counted(peer, trusted, forwarded);
        assert_eq!(
            found.as_deref(),
            expected,
            "{peer} {trusted:?} {forwarded:?}"
        );
    }
    assert_eq!(address(&Request::new(()), &[]), None);
}
