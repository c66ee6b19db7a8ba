//! In: origins. Out: whether they belong to one site: one scheme, and one domain that can be registered (HTML,
//! "same site", by the public suffix list).
//!
//! Next: back to `../cookies.rs`.

use url::{Host, Origin};

/// Whether two origins are schemefully same site.
pub(crate) fn same_site(one: &Origin, other: &Origin) -> bool {
    let (Origin::Tuple(scheme, host, _), Origin::Tuple(other_scheme, other_host, _)) = (one, other)
    else {
        return one == other;
    };
    let same_domain = || {
        let domain = registrable(host);
        domain.is_some() && domain == registrable(other_host)
    };
    scheme == other_scheme && (host == other_host || same_domain())
}

/// Whether domains below this one can be registered.
pub(super) fn is_public_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.as_bytes() == domain.as_bytes())
}

fn registrable(host: &Host<String>) -> Option<Vec<u8>> {
    match host {
        Host::Domain(name) => Some(psl::domain(name.as_bytes())?.as_bytes().to_vec()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

#[cfg(test)]
mod tests;
