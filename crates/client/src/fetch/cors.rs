//! In: the page that asks, and the hops of its fetch. Out: what each hop says of the page's origin, which credentials it
//! has, and whether its response may be read (Fetch, "CORS check" and "HTTP-redirect fetch").
//! Next: `cors/safelist.rs`, what a page may ask for unannounced; `cors/error.rs`.

mod error;
mod safelist;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, HeaderMap, HeaderName,
    HeaderValue, ORIGIN,
};
use http::{Method, Response};
use url::{Origin, Url};

pub use self::error::CorsError;
pub(crate) use self::safelist::preflight_reason;

/// Who asks, when it is not a program for itself: a page of an origin, held to what a browser would hold it to.
///
/// ```
/// use wellspring::fetch::{CredentialsMode, FetchRequest, Page};
///
/// let mut page = Page::new(url::Url::parse("https://app.example")?.origin());
/// page.credentials_mode = CredentialsMode::Include;
/// let mut request = FetchRequest::new("https://api.example/stream".parse()?);
/// request.page = Some(page);
/// # Ok::<(), url::ParseError>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Page {
    /// Its origin; an opaque one is written `null`.
    pub origin: Origin,
    /// Which hops get credentials: `SameOrigin` unless changed.
    pub credentials_mode: CredentialsMode,
    /// Whether a request that a browser would announce by a preflight is sent without one. Otherwise it is an error.
    pub allow_without_preflight: bool,
}

impl Page {
    /// Creates a page of this origin.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            credentials_mode: CredentialsMode::SameOrigin,
            allow_without_preflight: false,
        }
    }
}

/// Which hops of a page's fetch carry cookies and the userinfo of URLs, and keep the cookies that are set.
///
/// ```
/// use wellspring::fetch::CredentialsMode;
///
/// assert_ne!(CredentialsMode::SameOrigin, CredentialsMode::Include);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsMode {
    /// Those to the page's own origin, until a redirect has left it.
    SameOrigin,
    /// All.
    Include,
}

/// What the URLs a request has been through leave behind; a reconnection goes on with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taint {
    /// Fetch's response tainting is "cors": the page's origin was left.
    pub(super) cors: bool,
    /// Fetch's redirect-taint.
    pub(super) redirect: RedirectTaint,
}

/// How far redirects that began at another origin have led.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RedirectTaint {
    #[default]
    SameOrigin,
    SameSite,
    CrossSite,
}

/// The rules, between two hops.
pub(super) struct Cors {
    page: Option<Page>,
    /// The page's, or that of the source's own URL where there is no page.
    origin: Origin,
    pub(super) taint: Taint,
}

impl Cors {
    pub(super) fn new(page: Option<Page>, home: &Url, taint: Taint) -> Self {
        let origin = page
            .as_ref()
            .map_or_else(|| home.origin(), |page| page.origin.clone());
        Self {
            page,
            origin,
            taint,
        }
    }

    /// Whether the rules for pages hold.
    pub(super) fn has_page(&self) -> bool {
        self.page.is_some()
    }

    /// Before a hop: writes its `Origin`. `users` are the names of the headers that the user has set.
    pub(super) fn enter(
        &mut self,
        url: &Url,
        method: &Method,
        headers: &mut HeaderMap,
        users: &[HeaderName],
    ) -> Result<(), CorsError> {
        let Some(page) = &self.page else {
            return Ok(());
        };
        headers.remove(ORIGIN);
        self.taint.cors |= url.origin() != page.origin;
        if self.taint.cors && !page.allow_without_preflight {
            let theirs = headers.iter().filter(|(name, _)| users.contains(name));
            if let Some(needed) = preflight_reason(method, theirs) {
                return Err(CorsError::PreflightNeeded { needed });
            }
        }
        if self.taint.cors || !matches!(*method, Method::GET | Method::HEAD) {
            let origin = HeaderValue::try_from(self.serialized_origin());
            headers.insert(ORIGIN, origin.expect("an origin is ASCII without controls"));
        }
        Ok(())
    }

    /// Whether the hop that was entered last carries credentials.
    pub(super) fn includes_credentials(&self) -> bool {
        match &self.page {
            Some(page) => page.credentials_mode == CredentialsMode::Include || !self.taint.cors,
            None => true,
        }
    }

    /// Whether the hop to `url` that was entered last sends and keeps cookies: a page's by its credentials mode, a
    /// program's within the site of its own URL.
    #[cfg(feature = "cookies")]
    pub(super) fn includes_cookies(&self, url: &Url) -> bool {
        match self.page {
            Some(_) => self.includes_credentials(),
            None => self.is_same_site(url),
        }
    }

    /// Whether `url` is of the site that asks, and no redirect has come from another one.
    #[cfg(feature = "cookies")]
    pub(super) fn is_same_site(&self, url: &Url) -> bool {
        self.taint.redirect != RedirectTaint::CrossSite && same_site(&self.origin, &url.origin())
    }

    /// The CORS check of a hop's response.
    pub(super) fn check<B>(&self, response: &Response<B>) -> Result<(), CorsError> {
        let Some(page) = &self.page else {
            return Ok(());
        };
        if !self.taint.cors {
            return Ok(());
        }
        let with_credentials = page.credentials_mode == CredentialsMode::Include;
        let headers = response.headers();
        let expected = self.serialized_origin();
        let allowed = combined(headers, &ACCESS_CONTROL_ALLOW_ORIGIN);
        match allowed.as_deref() {
            Some(b"*") if !with_credentials => return Ok(()),
            Some(allowed) if allowed == expected.as_bytes() => {}
            _ => {
                return Err(CorsError::AllowOrigin {
                    expected,
                    received: allowed.as_deref().map(lossy),
                    with_credentials,
                    status: response.status(),
                });
            }
        }
        let credentials = combined(headers, &ACCESS_CONTROL_ALLOW_CREDENTIALS);
        if with_credentials && credentials.as_deref() != Some(b"true") {
            return Err(CorsError::AllowCredentials {
                received: credentials.as_deref().map(lossy),
                status: response.status(),
            });
        }
        Ok(())
    }

    /// Before a redirect is followed.
    pub(super) fn redirect(&mut self, from: &Url, to: &Url) -> Result<(), CorsError> {
        let (from, target) = (from.origin(), to.origin());
        let userinfo = !to.username().is_empty() || to.password().is_some();
        if self.page.is_some() && userinfo && (self.taint.cors || target != self.origin) {
            return Err(CorsError::RedirectWithUserinfo);
        }
        if target != from && self.origin != from {
            let crosses = !same_site(&target, &from) && !same_site(&self.origin, &from);
            let taint = if crosses {
                RedirectTaint::CrossSite
            } else {
                RedirectTaint::SameSite
            };
            self.taint.redirect = self.taint.redirect.max(taint);
        }
        Ok(())
    }

    /// "Byte-serializing a request origin".
    fn serialized_origin(&self) -> String {
        if self.taint.redirect == RedirectTaint::SameOrigin {
            self.origin.ascii_serialization()
        } else {
            "null".to_owned()
        }
    }
}

#[cfg(feature = "cookies")]
use crate::fetch::cookies::same_site;

/// Sites are told apart for the sake of cookies alone.
#[cfg(not(feature = "cookies"))]
fn same_site(_: &Origin, _: &Origin) -> bool {
    false
}

/// Fetch's "get" of a header list.
fn combined(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let values: Vec<&[u8]> = headers
        .get_all(name)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    (!values.is_empty()).then(|| values.join(&b", "[..]))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests;
