//! Addresses of clients and of proxies. In: text, addresses. Out: whether one is in a network; whom a limit
//! counts.
//!
//! Next: `service/client.rs` finds the client behind proxies.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// Holds addresses that begin with the same bits, such as 10.0.0.0/8.
///
/// ```
/// use wellspring_hub::Network;
///
/// let network: Network = "10.0.0.0/8".parse()?;
/// assert!(network.contains("10.9.8.7".parse()?) && !network.contains("11.0.0.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: u128,
    is_v4: bool,
    /// How many of 32 or 128 bits are the same.
    bits: u32,
}

impl Network {
    /// Returns true if the address is one of them. IPv4 in IPv6 is IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (number, is_v4) = number(address);
        let width = width(is_v4);
        let shift = width - self.bits;
        is_v4 == self.is_v4 && (shift == 128 || number >> shift == self.first >> shift)
    }
}

fn width(is_v4: bool) -> u32 {
    if is_v4 { 32 } else { 128 }
}

fn number(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(ip) => (u32::from(ip).into(), true),
        IpAddr::V6(ip) => (ip.into(), false),
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let (ip, bits) = match text.split_once('/') {
            Some((ip, bits)) => (ip, Some(bits)),
            None => (text, None),
        };
        let ip: IpAddr = ip.parse().map_err(|_| InvalidNetwork)?;
        let (first, is_v4) = number(ip);
        let bits = match bits {
            Some(bits) => bits.parse().map_err(|_| InvalidNetwork)?,
            None => width(is_v4),
        };
        if bits > width(is_v4) {
            return Err(InvalidNetwork);
        }
        Ok(Self { first, is_v4, bits })
    }
}

/// Says that a text is no address and no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidNetwork;

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("neither an IP address nor a network such as 10.0.0.0/8")
    }
}

impl std::error::Error for InvalidNetwork {}

/// Whom the limit of an address counts: an IPv6 client has a network of 64 bits to itself.
pub(crate) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => {
            let network = u128::from(ip) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests;
