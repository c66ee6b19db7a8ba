//! What literal text becomes in each component of a URL (URL Pattern Standard, section 3.2, by the
//! parser of the crate `url`). In: text of a pattern. Out: the text that a parsed URL would have.
//!
//! Next: `component.rs`.

use alloc::string::String;
use url::Url;

use super::UrlPatternError;

const INVALID: UrlPatternError = UrlPatternError::Component;

/// A URL to put one component into.
fn dummy(text: &str) -> Result<Url, UrlPatternError> {
    Url::parse(text).map_err(|_| INVALID)
}

pub(super) fn protocol(text: &str) -> Result<String, UrlPatternError> {
    let letters = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let starts = text
        .bytes()
        .next()
        .is_none_or(|byte| byte.is_ascii_alphabetic());
    match letters && starts {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(INVALID),
    }
}

pub(super) fn username(text: &str) -> Result<String, UrlPatternError> {
    let mut url = dummy("http://a/")?;
    url.set_username(text).map_err(|()| INVALID)?;
    Ok(url.username().into())
}

pub(super) fn password(text: &str) -> Result<String, UrlPatternError> {
    let mut url = dummy("http://a/")?;
    url.set_password(Some(text)).map_err(|()| INVALID)?;
    Ok(url.password().unwrap_or_default().into())
}

/// Parsing a URL drops these wherever they stand.
fn without_breaks(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], "")
}

pub(super) fn hostname(text: &str) -> Result<String, UrlPatternError> {
    let text = &without_breaks(text);
    if text.is_empty() {
        return Ok(String::new());
    }
    let ends = |ch: char| "/?#\\:@".contains(ch);
    let host = text.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if host.is_empty() || host.contains(ends) {
        return Err(INVALID);
    }
    let mut url = dummy("https://a/")?;
    url.set_host(Some(host)).map_err(|_| INVALID)?;
    Ok(url.host_str().unwrap_or_default().into())
}

pub(super) fn ipv6_hostname(text: &str) -> Result<String, UrlPatternError> {
    let good = text
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || b"[]:".contains(&byte));
    match good {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(INVALID),
    }
}

pub(super) fn port(text: &str) -> Result<String, UrlPatternError> {
    let text = &without_breaks(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match (text.is_empty(), text[..digits].parse::<u16>()) {
        (true, _) => Ok(String::new()),
        (false, Ok(port)) => Ok(alloc::format!("{port}")),
        (false, Err(_)) => Err(INVALID),
    }
}

pub(super) fn pathname(text: &str) -> Result<String, UrlPatternError> {
    let mut url = dummy("http://a/")?;
    match (text.is_empty(), text.starts_with('/')) {
        (true, _) => Ok(String::new()),
        (_, true) => {
            url.set_path(text);
            Ok(url.path().into())
        }
        (_, false) => {
            url.set_path(&alloc::format!("/-{text}"));
            Ok(url.path().get(2..).unwrap_or_default().into())
        }
    }
}

/// The setter of the crate would escape a slash at the beginning.
pub(super) fn opaque_pathname(text: &str) -> Result<String, UrlPatternError> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let mut encoded = String::new();
    for ch in path.chars() {
        if matches!(ch, ' '..='~') {
            encoded.push(ch);
            continue;
        }
        let mut utf8 = [0; 4];
        for byte in ch.encode_utf8(&mut utf8).bytes() {
            encoded += &alloc::format!("%{byte:02X}");
        }
    }
    Ok(encoded)
}

pub(super) fn search(text: &str) -> Result<String, UrlPatternError> {
    let mut url = dummy("data:a")?;
    url.set_query(Some(text));
    Ok(url.query().unwrap_or_default().into())
}

pub(super) fn hash(text: &str) -> Result<String, UrlPatternError> {
    let mut url = dummy("data:a")?;
    url.set_fragment(Some(text));
    Ok(url.fragment().unwrap_or_default().into())
}
