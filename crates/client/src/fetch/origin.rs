//! In: URLs. Out: whether they share an origin, and the origin's serialization (URL, section 4.7; HTML, section 7.1.1).
//! Next: `mime.rs`.

use url::Url;

/// The origin as `MessageEvent.origin` and the `Origin` header write it: host in ASCII, default port left out; `null`
/// for a URL without an origin of its own.
///
/// ```
/// use wellspring::fetch::serialize_origin;
///
/// assert_eq!(serialize_origin(&"https://bücher.example:443/x".parse()?), "https://xn--bcher-kva.example");
/// assert_eq!(serialize_origin(&"data:,x".parse()?), "null");
/// # Ok::<(), url::ParseError>(())
/// ```
#[must_use]
pub fn serialize_origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Whether two URLs have the same scheme, host and port. URLs without an origin of their own share none.
///
/// ```
/// use wellspring::fetch::same_origin;
///
/// assert!(same_origin(&"http://a.example/x".parse()?, &"http://a.example:80/y".parse()?));
/// assert!(!same_origin(&"http://a.example/".parse()?, &"https://a.example/".parse()?));
/// # Ok::<(), url::ParseError>(())
/// ```
#[must_use]
pub fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

#[cfg(test)]
mod tests;
