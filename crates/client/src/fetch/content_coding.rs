//! In: the `Content-Encoding` values of a response. Out: the coding that keeps the body from being read as it is.
//! Next: back to `mod.rs`.

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

/// The first coding that is not `identity`, in lower case; `None` when the body is as the server wrote it.
///
/// ```
/// use http::HeaderMap;
/// use wellspring::fetch::content_coding;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(content_coding(&headers), None);
/// headers.insert("content-encoding", "identity, GZIP".parse()?);
/// assert_eq!(content_coding(&headers).as_deref(), Some("gzip"));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[must_use]
pub fn content_coding(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .find(|name| !name.is_empty() && name != "identity")
}

#[cfg(test)]
mod tests;
