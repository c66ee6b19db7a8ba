//! Who is at the other end. In: the address of the connection, what proxies say. Out: the address that limits
//! count, if there is one that can be trusted.
//!
//! Next: `../limits.rs`.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, Request};

use crate::network::{Network, counted};

/// The header in which proxies say for whom they ask.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Holds the address of the other end of a connection. The server that accepted it puts it into the
/// extensions of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Whom a request is counted for. A proxy that is not known may say what it likes: then it is the one that is
/// counted, but for this machine itself, which is the address of all clients behind a proxy here that is not named.
pub(super) fn address<B>(request: &Request<B>, trusted: &[Network]) -> Option<IpAddr> {
    let Peer(peer) = request.extensions().get::<Peer>()?;
    let peer = peer.ip().to_canonical();
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|network| network.contains(*ip));
    if !is_trusted(&peer) {
        return (!peer.is_loopback()).then(|| counted(peer));
    }
    let said = forwarded_for(request.headers());
    // From the right: each proxy appends who asked it, and what stands left of an unknown one is its word only.
    let client = said.into_iter().rev().find(|ip| !is_trusted(ip));
    client.map(counted)
}

/// The addresses in order, from the right up to the first that is not valid.
fn forwarded_for(headers: &HeaderMap) -> Vec<IpAddr> {
    let lines = headers.get_all(FORWARDED_FOR).iter();
    let all: Vec<&str> = lines
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .map(str::trim)
        .collect();
    let known = all.iter().rev().map_while(|text| parse(text));
    let mut known: Vec<IpAddr> = known.collect();
    known.reverse();
    known
}

fn parse(text: &str) -> Option<IpAddr> {
    let bare = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.or_else(with_port).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests;
