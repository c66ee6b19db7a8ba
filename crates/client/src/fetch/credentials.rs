//! In: headers, the URL they were meant for, and the URL of a hop. Out: the headers of that hop: credentials go to the
//! origin they were meant for and, once a fetch has left it, nowhere.
//! Next: `target.rs`.

use http::header::{
    AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION,
};
use url::{Origin, Url};

use crate::transport::basic_auth;

/// What only one origin may see.
pub(super) struct Credentials {
    home: Origin,
    headers: HeaderMap,
    /// From the userinfo of the URL at home.
    basic: Option<HeaderValue>,
    left_home: bool,
}

impl Credentials {
    /// Takes out of `headers` what only the origin of `home` may see: the usual credentials, those in `names`, values
    /// marked sensitive, and `Host`.
    pub(super) fn split_off(headers: &mut HeaderMap, home: &Url, names: &[HeaderName]) -> Self {
        let usual = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, HOST];
        let private: Vec<HeaderName> = headers
            .keys()
            .filter(|&name| {
                let sensitive = headers.get_all(name).iter().any(HeaderValue::is_sensitive);
                sensitive || usual.contains(name) || names.contains(name)
            })
            .cloned()
            .collect();
        let mut taken = HeaderMap::new();
        for name in private {
            for value in headers.get_all(&name) {
                taken.append(&name, value.clone());
            }
            headers.remove(&name);
        }
        Self {
            home: home.origin(),
            headers: taken,
            basic: basic_auth::authorization(home),
            left_home: false,
        }
    }

    /// Adds to the headers of a hop to `url` what it may see of the headers.
    pub(super) fn apply(&mut self, headers: &mut HeaderMap, url: &Url) {
        self.left_home |= url.origin() != self.home;
        if !self.left_home {
            for (name, value) in &self.headers {
                headers.append(name, value.clone());
            }
        }
    }

    /// Adds userinfo: what stands in `url` itself, or in the URL at home. An `Authorization` of the user's is left alone.
    pub(super) fn authorize(&self, headers: &mut HeaderMap, url: &Url) {
        if headers.contains_key(AUTHORIZATION) {
            return;
        }
        let kept = || self.basic.clone().filter(|_| !self.left_home);
        if let Some(value) = basic_auth::authorization(url).or_else(kept) {
            headers.insert(AUTHORIZATION, value);
        }
    }
}

#[cfg(test)]
mod tests;
