//! In: URLs. Out: whether they share an origin, and the origin's serialization (URL, section 4.7; HTML, section 7.1.1).
//! Next: `mime.rs`.

use url::{Origin, Url};

/// Returns the origin as `MessageEvent.origin` and the `Origin` header write it: host in ASCII, default port left out; `null`
/// for a URL without an origin of its own.
///
/// ```
/// use wellspring::fetch::rules::serialize_origin;
///
/// assert_eq!(serialize_origin(&"https://bücher.example:443/x".parse()?), "https://xn--bcher-kva.example");
/// assert_eq!(serialize_origin(&"data:,x".parse()?), "null");
/// # Ok::<(), url::ParseError>(())
/// ```
#[must_use]
pub fn serialize_origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Returns whether two URLs have the same scheme, host and port. URLs without an origin of their own share none.
///
/// ```
/// use wellspring::fetch::rules::same_origin;
///
/// assert!(same_origin(&"http://a.example/x".parse()?, &"http://a.example:80/y".parse()?));
/// assert!(!same_origin(&"http://a.example/".parse()?, &"https://a.example/".parse()?));
/// # Ok::<(), url::ParseError>(())
/// ```
#[must_use]
pub fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// The origin that a text names: scheme, host and port, or `null` for an opaque one.
///
/// # Errors
/// What is wrong with the text, in words.
pub(crate) fn parse_origin(text: &str) -> Result<Origin, String> {
    if text == "null" {
        return Ok(Origin::new_opaque());
    }
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let origin = url.origin();
    if !origin.is_tuple() {
        return Err(format!(
            "a {}: URL has no origin of its own; give 'null'",
            url.scheme()
        ));
    }
    // What is compared leaves out the slash that the parser adds.
    let rest = &url[url::Position::AfterPort..];
    let userinfo = !url.username().is_empty() || url.password().is_some();
    if userinfo || !matches!(rest, "" | "/") {
        return Err(format!(
            "there is more to it than an origin; give '{}'",
            origin.ascii_serialization()
        ));
    }
    Ok(origin)
}

#[cfg(test)]
mod tests;
