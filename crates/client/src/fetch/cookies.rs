//! Cookies. In: `Set-Cookie` of responses. Out: `Cookie` of requests, by domain, path, `Secure` and `SameSite`
//! (RFC 6265, and its revision for the last).
//!
//! Next: `cookies/rules.rs`, what is refused; `cookies/site.rs`, what a site is.

mod rules;
mod site;

use std::fmt;
use std::sync::{Arc, Mutex};

use cookie_store::{Cookie, CookieStore, RawCookie};
use http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use url::Url;

pub(crate) use self::site::same_site;
use crate::sync::lock;

/// The most cookies that are kept for one domain; the oldest goes first.
const MAX_COOKIES_A_DOMAIN: usize = 180;
/// The most cookies that are kept.
const MAX_COOKIES: usize = 3000;

/// The cookies of a program, or of a page. Clones share them, so that several sources may have one jar.
///
/// It is kept in memory: 180 cookies a domain, 3,000 in all and 4 KiB each at the most; beyond that the oldest go. A
/// cookie without `SameSite` is taken for `Lax`, and one with `None` must be `Secure`, as in Blink.
///
/// ```
/// use wellspring::CookieJar;
///
/// let jar = CookieJar::new();
/// let url = "https://example.com/login".parse()?;
/// assert!(jar.set(&url, "session=1; Secure; HttpOnly"));
/// assert_eq!(jar.cookies(&url).unwrap(), "session=1");
/// assert!(jar.cookies(&"http://example.com/".parse()?).is_none());
/// # Ok::<(), url::ParseError>(())
/// ```
#[derive(Clone, Default)]
pub struct CookieJar {
    store: Arc<Mutex<CookieStore>>,
}

impl CookieJar {
    /// Creates an empty jar.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a cookie as if `url` had answered with this `Set-Cookie`, and says whether it was taken.
    pub fn set(&self, url: &Url, set_cookie: &str) -> bool {
        self.insert(url, set_cookie, true)
    }

    /// Returns the `Cookie` header of a request to `url` from its own site; `None` when there are no cookies for it.
    #[must_use]
    pub fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        self.retrieve(url, true)
    }

    /// Forgets all cookies.
    pub fn clear(&self) {
        lock(&self.store).clear();
    }

    /// Keeps what a response from `url` sets.
    pub(crate) fn keep(&self, url: &Url, headers: &HeaderMap, same_site: bool) {
        for value in headers.get_all(SET_COOKIE) {
            if let Ok(text) = std::str::from_utf8(value.as_bytes()) {
                self.insert(url, text, same_site);
            }
        }
    }

    pub(crate) fn retrieve(&self, url: &Url, same_site: bool) -> Option<HeaderValue> {
        let store = lock(&self.store);
        let mut cookies = store.matches(url);
        cookies.retain(|cookie| same_site || rules::crosses_sites(cookie));
        // Longer paths first; among equals the store has the order in which they came.
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs = cookies.iter().map(|cookie| cookie.stripped().to_string());
        let text = pairs.collect::<Vec<_>>().join("; ");
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        (!value.is_empty()).then_some(value)
    }

    fn insert(&self, url: &Url, set_cookie: &str, same_site: bool) -> bool {
        let Ok(raw) = RawCookie::parse(set_cookie) else {
            return false;
        };
        let mut raw = raw.into_owned();
        let mut store = lock(&self.store);
        if !rules::may_be_set(&mut raw, url, same_site) || rules::would_hide(&store, &raw, url) {
            return false;
        }
        let Ok(cookie) = Cookie::try_from_raw_cookie(&raw, url) else {
            return false;
        };
        let domain = String::from(&cookie.domain);
        let inserted = store.insert(cookie.into_owned(), url).is_ok();
        make_room(&mut store, &domain, MAX_COOKIES);
        inserted
    }
}

/// Without the cookies, which are secret.
impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = lock(&self.store).iter_unexpired().count();
        f.debug_struct("CookieJar")
            .field("cookies", &count)
            .finish()
    }
}

/// Lets go of what is over the limits: what has expired, then the oldest of this domain, then the oldest of all.
fn make_room(store: &mut CookieStore, domain: &str, max_cookies: usize) {
    let of_domain = |cookie: &&Cookie<'static>| cookie.domain.as_cow().as_deref() == Some(domain);
    let all = store.iter_any().count();
    let own = store.iter_any().filter(of_domain).count();
    if own <= MAX_COOKIES_A_DOMAIN && all <= max_cookies {
        return;
    }
    let expired = store.iter_any().filter(|cookie| cookie.is_expired());
    let expired = expired.map(key).collect::<Vec<_>>();
    remove(store, &expired);
    let own: Vec<_> = store.iter_any().filter(of_domain).map(key).collect();
    remove(
        store,
        &own[..own.len().saturating_sub(MAX_COOKIES_A_DOMAIN)],
    );
    let all: Vec<_> = store.iter_any().map(key).collect();
    remove(store, &all[..all.len().saturating_sub(max_cookies)]);
}

/// Domain, path and name.
fn key(cookie: &Cookie<'static>) -> [String; 3] {
    let name = cookie.name().to_owned();
    [
        String::from(&cookie.domain),
        String::from(&cookie.path),
        name,
    ]
}

fn remove(store: &mut CookieStore, keys: &[[String; 3]]) {
    for [domain, path, name] in keys {
        store.remove(domain, path, name);
    }
}

#[cfg(test)]
mod tests;
