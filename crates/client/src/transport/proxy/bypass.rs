//! In: a list as in the environment variable `no_proxy`. Out: whether a host goes past the proxy.
//! Next: `environment.rs`.

use std::net::IpAddr;

use crate::transport::localhost::{LOOPBACK, is_localhost};

/// Hosts that are connected to without the proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Bypass {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    hosts: Hosts,
    /// Only this port, if there is one.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Hosts {
    All,
    /// The name and its subdomains, in lower case.
    Domain(String),
    /// The addresses that begin with these bits.
    Network(IpAddr, u8),
}

impl Bypass {
    /// What makes no sense matches nothing.
    pub(super) fn parse(list: &str) -> Self {
        let words = list.split(|ch: char| ch == ',' || ch.is_whitespace());
        Self {
            entries: words.filter_map(Entry::parse).collect(),
        }
    }

    #[cfg_attr(not(feature = "http-transport"), allow(dead_code))]
    pub(super) fn matches(&self, host: &str, port: u16) -> bool {
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        let matches = |host: &str| {
            let mut entries = self.entries.iter();
            entries.any(|entry| {
                entry.port.is_none_or(|only| only == port) && entry.hosts.matches(host)
            })
        };
        // These names are reached at their addresses without asking, so entries for the addresses count for them.
        let mut addresses = LOOPBACK.iter().filter(|_| is_localhost(host));
        matches(host) || addresses.any(|address| matches(&address.to_string()))
    }
}

impl Entry {
    fn parse(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        if word == "*" {
            return Some(Self {
                hosts: Hosts::All,
                port: None,
            });
        }
        if let Some(network) = Hosts::network(&word) {
            return Some(Self {
                hosts: network,
                port: None,
            });
        }
        let (name, port) = match word.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (word.as_str(), None),
        };
        let hosts = Hosts::network(name).or_else(|| {
            let name = name.strip_prefix('*').unwrap_or(name);
            let name = name.strip_prefix('.').unwrap_or(name);
            let name = name.strip_suffix('.').unwrap_or(name);
            (!name.is_empty()).then(|| Hosts::Domain(name.to_owned()))
        })?;
        Some(Self { hosts, port })
    }
}

impl Hosts {
    /// An address, in brackets or not, or a network.
    fn network(word: &str) -> Option<Self> {
        let (address, bits) = match word.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (word, None),
        };
        let address: IpAddr = unbracketed(address).parse().ok()?;
        let most = if address.is_ipv6() { 128 } else { 32 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self::Network(address, bits))
    }

    #[cfg_attr(not(feature = "http-transport"), allow(dead_code))]
    fn matches(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Domain(domain) => host
                .strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            Self::Network(network, bits) => match (network, host.parse()) {
                (IpAddr::V4(network), Ok(IpAddr::V4(host))) => {
                    let differing = network.to_bits() ^ host.to_bits();
                    differing.leading_zeros() >= u32::from(*bits)
                }
                (IpAddr::V6(network), Ok(IpAddr::V6(host))) => {
                    let differing = network.to_bits() ^ host.to_bits();
                    differing.leading_zeros() >= u32::from(*bits)
                }
                _ => false,
            },
        }
    }
}

fn unbracketed(host: &str) -> &str {
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host)
}
