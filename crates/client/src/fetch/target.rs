//! In: a URL of the URL standard. Out: the same as a URI for a request, or as text for people: without userinfo, without
//! the fragment.
//! Next: `origin.rs`.

use http::Uri;
use url::Url;

/// The URI a request to `url` carries.
///
/// # Errors
/// Why no URI can carry it: it is too long, or its host cannot be written in one.
pub(super) fn uri(url: &Url) -> Result<Uri, String> {
    let mut text = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
    if let Some(port) = url.port() {
        text.push(':');
        text.push_str(&port.to_string());
    }
    push_escaped(&mut text, url.path());
    if let Some(query) = url.query() {
        text.push('?');
        push_escaped(&mut text, query);
    }
    Uri::try_from(text).map_err(|error| error.to_string())
}

/// The URL standard leaves some characters alone that RFC 3986, and so an HTTP message, has no place for.
fn push_escaped(text: &mut String, part: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in part.bytes() {
        if byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// The URL for error messages and logs.
pub(crate) fn without_credentials(url: &Url) -> String {
    let mut url = url.clone();
    // These fail only for URLs that have no place for userinfo.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url.into()
}

#[cfg(test)]
mod tests;
