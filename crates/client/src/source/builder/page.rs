//! On whose behalf a source asks. In: an origin, and which credentials go along. Out: a source that a browser's page
//! could be.
//!
//! Next: `../../driver/config.rs`.

use super::EventSourceBuilder;
use crate::fetch::parse_origin;
use crate::source::builder::error::BuildError;

impl EventSourceBuilder {
    /// Sets `withCredentials`: with an [origin](Self::origin), whether credentials go to other origins too. Without one it is
    /// kept and has no effect.
    pub fn with_credentials(self, with_credentials: bool) -> Self {
        self.set(|config| config.with_credentials = with_credentials)
    }

    /// Behaves as a page of this origin does in a browser, by the Fetch Standard: requests to other origins carry
    /// `Origin`, each response from there, redirects included, must pass the CORS check, and credentials (cookies, userinfo
    /// in URLs) go to this origin only, unless [`with_credentials`](Self::with_credentials) is set. A failed check fails
    /// the source. No preflight is ever sent: see [`allow_without_preflight`](Self::allow_without_preflight).
    ///
    /// `"null"` is an opaque origin, like that of a sandboxed page. Without an origin there is no CORS.
    ///
    /// ```
    /// use wellspring::EventSource;
    ///
    /// let source = EventSource::builder("https://api.example/stream")
    ///     .origin("https://app.example")
    ///     .with_credentials(true)
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn origin(self, origin: impl AsRef<str>) -> Self {
        let origin = origin.as_ref();
        self.try_set(|config| {
            let parsed = parse_origin(origin).map_err(|reason| BuildError::Origin {
                input: origin.to_owned(),
                reason,
            })?;
            config.origin = Some(parsed);
            Ok(())
        })
    }

    /// Sets whether a source with an [origin](Self::origin) sends what a browser would send to another origin only after a
    /// preflight: a method other than `GET`, `HEAD` and `POST`, or headers that are not on Fetch's safelist, such as
    /// `Authorization` or a JSON `Content-Type`. Off by default: such a request is an error when the source is built, or,
    /// if redirects or a hook lead to it, when it would be sent. `Last-Event-ID` is sent in any case, as browsers do.
    ///
    /// ```
    /// use wellspring::{BuildError, EventSource};
    ///
    /// let builder = EventSource::builder("https://api.example/stream")
    ///     .origin("https://app.example")
    ///     .header("authorization", "Bearer secret");
    /// assert!(matches!(builder.build(), Err(BuildError::Preflight { .. })));
    /// ```
    pub fn allow_without_preflight(self, allow: bool) -> Self {
        self.set(|config| config.allow_without_preflight = allow)
    }

    /// Keeps the cookies that responses set, redirects included, and sends them by the rules of cookies: domain, path,
    /// `Secure`, `SameSite`. Several sources may share a jar. Off without one (feature `cookies`).
    ///
    /// With an [origin](Self::origin), cookies go where [`with_credentials`](Self::with_credentials) lets credentials go;
    /// without one, to the site of the source's own URL only. A `Cookie` header set by hand takes their place; it goes to
    /// the URL's own origin only.
    ///
    /// ```
    /// use wellspring::{CookieJar, EventSource};
    ///
    /// let jar = CookieJar::new();
    /// let source = EventSource::builder("https://example.com/stream")
    ///     .cookie_jar(&jar)
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    #[cfg(feature = "cookies")]
    pub fn cookie_jar(self, jar: &crate::CookieJar) -> Self {
        self.set(|config| config.cookie_jar = Some(jar.clone()))
    }
}
