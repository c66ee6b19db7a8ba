//! In: the name of a host. Out: whether it means this machine (RFC 6761, 6.3).
//! Next: `connect.rs`, `proxy/bypass.rs`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What such a name stands for, in the order in which it is tried.
pub(super) const LOOPBACK: [IpAddr; 2] = [
    IpAddr::V6(Ipv6Addr::LOCALHOST),
    IpAddr::V4(Ipv4Addr::LOCALHOST),
];

/// Whether it is `localhost` or a name under it: no name server is asked about these.
pub(super) fn is_localhost(host: &str) -> bool {
    const NAME: &str = "localhost";
    let host = host.strip_suffix('.').unwrap_or(host);
    let Some((before, last)) = host
        .len()
        .checked_sub(NAME.len())
        .and_then(|at| host.split_at_checked(at))
    else {
        return false;
    };
    last.eq_ignore_ascii_case(NAME) && (before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_and_the_names_under_it_are_this_machine() {
        for name in [
            "localhost",
            "LocalHost.",
            "a.localhost",
            "a.b.LOCALHOST",
            "ä.localhost",
        ] {
            assert!(is_localhost(name), "{name}");
        }
        for name in [
            "",
            ".",
            "localhos",
            "alocalhost",
            "localhost.a",
            "127.0.0.1",
            "älocalhost",
        ] {
            assert!(!is_localhost(name), "{name}");
        }
    }
}
