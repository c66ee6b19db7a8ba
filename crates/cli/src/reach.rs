//! How a server is reached. In: the arguments about that. Out: a transport, headers, and the URL with
//! the name and password in it.
//!
//! Next: `tail/source.rs`, `check.rs`.

use std::fmt::Display;
use std::fs;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE,
    CONTENT_TYPE, ORIGIN, PRAGMA, RANGE, USER_AGENT,
};
use http::{HeaderName, HeaderValue};
use url::Url;
use wellspring::fetch::LAST_EVENT_ID;
use wellspring::transport::{HttpTransport, TransportError, TransportOptions};

use crate::args::Reach;
use crate::exit::Ending;
use crate::secrets;
pub(crate) use crate::secrets::shown;

/// Headers of the user's that hold no secret, so that they go wherever redirects lead. Any other may
/// be a key.
const PUBLIC: [HeaderName; 12] = [
    ACCEPT,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    CACHE_CONTROL,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_TYPE,
    LAST_EVENT_ID,
    ORIGIN,
    PRAGMA,
    RANGE,
    USER_AGENT,
];

/// What the default transport is asked for.
pub(crate) fn options(reach: &Reach) -> Result<TransportOptions, Ending> {
    let mut options = TransportOptions::new()
        .http2_prior_knowledge(reach.http2_prior_knowledge)
        .danger_accept_invalid_certificates(reach.insecure);
    if let Some(proxy) = &reach.proxy {
        options = options.proxy(proxy.clone());
    }
    if reach.no_proxy {
        options = options.no_proxy();
    }
    if let Some(path) = &reach.unix_socket {
        options = options.unix_socket(path);
    }
    let Some(path) = &reach.cacert else {
        return Ok(options);
    };
    let pem = fs::read(path).map_err(|error| unusable_certificate(reach, &error))?;
    Ok(options.root_certificates_pem(pem))
}

/// The transport of these options, which come from `reach`.
pub(crate) fn transport(reach: &Reach, options: TransportOptions) -> Result<HttpTransport, Ending> {
    HttpTransport::new(options).map_err(|error: TransportError| match reach.cacert {
        Some(_) => unusable_certificate(reach, &error),
        None => Ending::usage(error),
    })
}

/// The headers, parsed. What may be a secret is marked so: it stays with the URL's own origin, and is
/// not shown.
pub(crate) fn headers(reach: &Reach) -> Result<Vec<(HeaderName, HeaderValue)>, Ending> {
    let parsed = reach.headers.iter().map(|(name, value)| {
        let illegal = |_| Ending::usage(format_args!("-H '{name}: …' is not a legal header"));
        let parsed = HeaderName::try_from(name).map_err(|_| illegal(()))?;
        let mut value = HeaderValue::try_from(value).map_err(|_| illegal(()))?;
        value.set_sensitive(is_private(parsed.as_str()));
        Ok((parsed, value))
    });
    parsed.collect()
}

/// Whether a header of this name may hold a secret.
pub(crate) fn is_private(name: &str) -> bool {
    let mut public = PUBLIC.into_iter();
    !public.any(|public| public.as_str().eq_ignore_ascii_case(name))
}

/// The URL, with `-u` as its userinfo.
pub(crate) fn url(reach: &Reach, text: &str) -> Result<Url, Ending> {
    let wrong =
        |why: &dyn Display| Ending::usage(format_args!("'{text}' is not an absolute URL: {why}"));
    let mut url = Url::parse(text).map_err(|error| wrong(&error))?;
    secrets::remember_those_of(&url);
    if let Some(user) = &reach.user {
        let name = url.set_username(&user.name);
        let password = url.set_password(Some(&user.password));
        name.and(password)
            .map_err(|()| wrong(&"there is no place for a name and password in it"))?;
    }
    Ok(url)
}

/// The name of a stream in stores: its URL without userinfo, without the fragment.
pub(crate) fn source_name(url: &Url) -> String {
    let mut url = url.clone();
    // Fails for URLs that cannot have userinfo, and then there is none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url.to_string()
}

fn unusable_certificate(reach: &Reach, error: &dyn Display) -> Ending {
    let path = reach.cacert.as_deref().unwrap_or_else(|| "".as_ref());
    Ending::usage(format_args!("--cacert {}: {error}", path.display()))
}
