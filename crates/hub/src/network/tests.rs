use super::{Network, counted};

fn contains(network: &str, address: &str) -> bool {
    let network: Network = network.parse().unwrap();
    network.contains(address.parse().unwrap())
}

#[test]
fn a_network_has_the_addresses_that_begin_alike() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
        ("192.168.1.7", "192.168.1.7", "192.168.1.8"),
        ("0.0.0.0/0", "255.255.255.255", "::1"),
        ("::/0", "fe80::1", "127.0.0.1"),
        ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
        ("172.16.0.0/12", "::ffff:172.31.255.255", "172.32.0.0"),
        ("::1/128", "::1", "::2"),
    ] {
        assert!(contains(network, inside), "{network} {inside}");
        assert!(!contains(network, outside), "{network} {outside}");
    }
    for bad in [
        "",
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "host",
        "10.0.0.0/",
        "10.0.0.0/-1",
    ] {
        assert!(bad.parse::<Network>().is_err(), "{bad}");
    }
}

#[test]
fn an_ipv6_client_is_counted_by_its_network() {
    let of = |text: &str| counted(text.parse().unwrap()).to_string();
    assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    assert_eq!(of("::ffff:10.1.2.3"), "10.1.2.3");
    assert_eq!(of("10.1.2.3"), "10.1.2.3");
}
