//! In: a cookie that a response sets. Out: whether it may (RFC 6265bis, 5.7, as far as the store does not see to it).
//!
//! Next: `site.rs`.

use cookie_store::{CookieStore, RawCookie};
use http::HeaderValue;
use url::{Host, Url};

use super::site::is_public_suffix;

/// The longest cookie, name and value, in bytes.
const MAX_COOKIE: usize = 4096;

/// Whether a response from `url` may set the cookie, whether or not another has it already. For a domain that is a public suffix
/// itself, the cookie becomes one of that host alone.
pub(super) fn may_be_set(cookie: &mut RawCookie<'static>, url: &Url, same_site: bool) -> bool {
    let fits = cookie.name().len() + cookie.value().len() <= MAX_COOKIE;
    let legal = HeaderValue::from_str(&cookie.stripped().to_string()).is_ok();
    let secure = cookie.secure() == Some(true);
    let allowed = same_site || crosses_sites(cookie);
    let kept_apart = !is_none(cookie) || secure;
    if !fits || !legal || !allowed || !kept_apart || (secure && !is_secure(url)) {
        return false;
    }
    prefix_holds(cookie, secure) && narrow_domain(cookie, url)
}

/// Whether a request or a response of another site may carry it.
pub(super) fn crosses_sites(cookie: &RawCookie<'_>) -> bool {
    is_none(cookie)
}

fn is_none(cookie: &RawCookie<'_>) -> bool {
    cookie
        .same_site()
        .is_some_and(|same_site| same_site.is_none())
}

/// Whether the cookie, set in the clear, would take the place of one that is `Secure`, or be sent beside it.
pub(super) fn would_hide(store: &CookieStore, cookie: &RawCookie<'_>, url: &Url) -> bool {
    let domain = cookie.domain().or_else(|| url.host_str());
    let domain = domain.unwrap_or_default().to_ascii_lowercase();
    let hidden = |other: &cookie_store::Cookie<'_>| {
        let others = String::from(&other.domain);
        let meets = is_within(&others, &domain) || is_within(&domain, &others);
        other.name() == cookie.name() && other.secure() == Some(true) && meets
    };
    !is_secure(url) && store.iter_unexpired().any(hidden)
}

/// Whether one domain is the other or below it.
fn is_within(domain: &str, other: &str) -> bool {
    let below = domain.strip_suffix(other);
    below.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// `__Secure-` and `__Host-` in a name are promises.
fn prefix_holds(cookie: &RawCookie<'_>, secure: bool) -> bool {
    let name = cookie.name().to_ascii_lowercase();
    let of_host = cookie.domain().is_none() && cookie.path() == Some("/");
    let needs_secure = name.starts_with("__secure-") || name.starts_with("__host-");
    (!needs_secure || secure) && (!name.starts_with("__host-") || of_host)
}

fn narrow_domain(cookie: &mut RawCookie<'static>, url: &Url) -> bool {
    let Some(domain) = cookie.domain() else {
        return true;
    };
    let domain = domain.to_ascii_lowercase();
    if url.host_str() == Some(domain.as_str()) {
        if is_public_suffix(&domain) {
            cookie.unset_domain();
        }
        return true;
    }
    !is_public_suffix(&domain)
}

/// Encrypted, or not leaving this machine.
fn is_secure(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || loopback
}
