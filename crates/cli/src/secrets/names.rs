//! Names of secrets. In: the name of a parameter or a header. Out: whether its value is a secret.
//!
//! Next: back to `../secrets.rs`.

use http::HeaderName;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use url::form_urlencoded;

/// Parts of a name that make it one of a secret, as `key` does `x-goog-key` and `apiKey`.
const PARTS: [&str; 24] = [
    "auth",
    "authorization",
    "bearer",
    "code",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "key",
    "otp",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "pin",
    "pw",
    "pwd",
    "secret",
    "session",
    "sid",
    "sig",
    "signature",
    "ticket",
    "token",
];

/// The same for names that run together, as `accesstoken` does.
const ENDINGS: [&str; 10] = [
    "apikey",
    "authkey",
    "credential",
    "jwt",
    "passwd",
    "password",
    "secret",
    "sessionid",
    "signature",
    "token",
];

/// Headers that are secret by what they are for.
const SECRET: [HeaderName; 4] = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE];

/// Headers whose name says "session" and which a user needs to see: later requests must bring them.
const NEEDED: &str = "mcp-session-id";

/// Whether the value of a parameter of this name, or of a header, is a secret by the words in the name.
pub(crate) fn is_secret_parameter(name: &str) -> bool {
    let parts = parts(name);
    let squashed = parts.concat();
    parts.iter().any(|part| PARTS.contains(&part.as_str()))
        || ENDINGS.iter().any(|ending| squashed.ends_with(ending))
}

/// Whether the value of a header of this name is not to be shown.
pub(crate) fn is_secret_header(name: &HeaderName) -> bool {
    SECRET.contains(name) || (name.as_str() != NEEDED && is_secret_parameter(name.as_str()))
}

/// Whether it is a header that is secret by what it is for.
pub(super) fn is_standard_secret(name: &str) -> bool {
    SECRET
        .iter()
        .any(|secret| secret.as_str().eq_ignore_ascii_case(name))
}

/// Whether such a header has a scheme and credentials.
pub(super) fn holds_credentials(name: &str) -> bool {
    let headers = [AUTHORIZATION, PROXY_AUTHORIZATION];
    headers
        .iter()
        .any(|header| header.as_str().eq_ignore_ascii_case(name))
}

/// The name without percent-encoding.
pub(super) fn decoded(name: &str) -> String {
    let decoded = form_urlencoded::parse(name.as_bytes()).next();
    decoded.map_or_else(String::new, |(name, _)| name.into_owned())
}

/// The words of a name, in lower case: of `access_token`, `access-token` and `accessToken` alike.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut after_lower = false;
    for ch in name.chars() {
        let begins = !ch.is_alphanumeric() || (ch.is_uppercase() && after_lower);
        after_lower = ch.is_lowercase();
        if begins {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut()
            && ch.is_alphanumeric()
        {
            part.extend(ch.to_lowercase());
        }
    }
    parts
}
