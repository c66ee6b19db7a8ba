//! How a server is reached. In: the arguments about that. Out: a transport, headers, and the URL with
//! the name and password in it.
//!
//! Next: `tail/source.rs`, `check.rs`.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE,
    CONTENT_TYPE, ORIGIN, PRAGMA, RANGE, USER_AGENT,
};
use http::{HeaderName, HeaderValue};
use url::Url;
use wellspring::fetch::rules::LAST_EVENT_ID;
use wellspring::transport::{HttpTransport, TcpKeepAlive, TransportError, TransportOptions};

use crate::args::Reach;
use crate::exit::Ending;
pub(crate) use crate::secrets::shown;
use crate::{secrets, words};

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
    if let Some(timeout) = reach.connect_timeout {
        options = options.connect_timeout(timeout);
    }
    if let Some(idle) = reach.tcp_keep_alive {
        options = options.tcp_keep_alive(TcpKeepAlive::after(idle));
    }
    if reach.no_tcp_keep_alive {
        options = options.tcp_keep_alive(TcpKeepAlive::off());
    }
    if let Some(path) = &reach.cacert {
        options = options.root_certificates_pem(read("--cacert", path)?);
    }
    if let Some(path) = &reach.cert {
        let mut pem = read("--cert", path)?;
        if let Some(key) = &reach.key {
            pem.push(b'\n');
            pem.extend(read("--key", key)?);
        }
        options = options.client_certificate_pem(pem);
    }
    Ok(options)
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, Ending> {
    let wrong = |error| Ending::usage(format_args!("{option} {}: {error}", path.display()));
    fs::read(path).map_err(wrong)
}

/// The transport of these options, which come from `reach`.
pub(crate) fn transport(reach: &Reach, options: TransportOptions) -> Result<HttpTransport, Ending> {
    HttpTransport::new(options).map_err(|error: TransportError| {
        let files = [
            ("--cacert", &reach.cacert),
            ("--cert", &reach.cert),
            ("--key", &reach.key),
        ];
        let given = files.into_iter().filter_map(|(option, path)| {
            path.as_ref()
                .map(|path| format!("{option} {}", path.display()))
        });
        let given: Vec<String> = given.collect();
        match given.is_empty() {
            true => Ending::usage(words::of(error)),
            false => Ending::usage(format_args!("{}: {}", given.join(" "), words::of(error))),
        }
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
    let mut url = Url::parse(text).map_err(|error| match has_zone(text) {
        true => Ending::usage(format_args!(
            "'{text}': a URL cannot have an IPv6 zone, the part after '%': use an address without \
             one, or a host name"
        )),
        false => wrong(&error),
    })?;
    secrets::remember_those_of(&url);
    if let Some(user) = &reach.user {
        let name = url.set_username(&user.name);
        let password = url.set_password(Some(&user.password));
        name.and(password).map_err(|()| {
            Ending::usage(format_args!(
                "'{text}' has no place for a name and a password"
            ))
        })?;
    }
    Ok(url)
}

/// As in `http://[fe80::1%eth0]/`.
fn has_zone(text: &str) -> bool {
    let address = text
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    address.is_some_and(|(address, _)| address.contains('%'))
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
