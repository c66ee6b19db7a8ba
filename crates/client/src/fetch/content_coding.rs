//! In: the `Content-Encoding` values of a response. Out: its body without the codings that this build decodes, or the
//! coding that keeps the body from being read. Words that name no registered coding change nothing.
//! Next: `content_coding/decoded.rs`, then `gzip.rs` and `brotli.rs` beside it.

#[cfg(feature = "br")]
mod brotli;
#[cfg(any(feature = "gzip", feature = "br"))]
mod decoded;
#[cfg(feature = "gzip")]
mod gzip;

use http::header::CONTENT_ENCODING;
use http::{HeaderMap, Response};

#[cfg(any(feature = "gzip", feature = "br"))]
use self::decoded::{Decoded, Expansion};
use crate::transport::Body;

/// The codings that are asked for: those that this build decodes.
pub(crate) const ACCEPTED: &str = match (cfg!(feature = "gzip"), cfg!(feature = "br")) {
    (true, true) => "gzip, br",
    (true, false) => "gzip",
    (false, true) => "br",
    (false, false) => "identity",
};

/// How many times its size a body in `gzip` may decode to, unless another limit is set: half of the 1,032 times that
/// the coding can reach.
pub const MAX_EXPANSION_GZIP: u32 = 500;

/// The same for `br`, which can reach more than 100,000 times.
pub const MAX_EXPANSION_BR: u32 = 2000;

/// The most codings on top of one another that are undone.
const MAX_CODINGS: usize = 2;

/// The codings that change a body's bytes, of those in IANA's HTTP Content Coding Registry.
const REGISTERED: [&str; 12] = [
    "aes128gcm",
    "br",
    "compress",
    "dcb",
    "dcz",
    "deflate",
    "exi",
    "gzip",
    "pack200-gzip",
    "x-compress",
    "x-gzip",
    "zstd",
];

/// Returns the first registered coding that changes the body's bytes and is not decoded here, in lower case; `None`
/// when the body can be read.
///
/// With the feature `gzip` that coding is decoded, with `br` Brotli; no more than two on top of one another. `identity`
/// and words that name no registered coding do not count; see [`unknown_content_coding`].
///
/// ```
/// use http::HeaderMap;
/// use wellspring::fetch::rules::content_coding;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(content_coding(&headers), None);
/// headers.insert("content-encoding", "identity, COMPRESS".parse()?);
/// assert_eq!(content_coding(&headers).as_deref(), Some("compress"));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[must_use]
pub fn content_coding(headers: &HeaderMap) -> Option<String> {
    let mut codings: Vec<_> = registered(headers).collect();
    let decoded = codings.iter().take_while(|name| is_decoded(name)).count();
    let unread = decoded.min(MAX_CODINGS);
    (unread < codings.len()).then(|| codings.swap_remove(unread))
}

/// Returns the first word of `Content-Encoding` that is neither `identity` nor a registered coding, in lower case.
///
/// Servers send `none` or `utf-8` there to keep others from compressing. The body is read as if the word were absent.
///
/// ```
/// use http::HeaderMap;
/// use wellspring::fetch::rules::{content_coding, unknown_content_coding};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("content-encoding", "none".parse()?);
/// assert_eq!(unknown_content_coding(&headers).as_deref(), Some("none"));
/// assert_eq!(content_coding(&headers), None);
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[must_use]
pub fn unknown_content_coding(headers: &HeaderMap) -> Option<String> {
    codings(headers).find(|name| !is_registered(name))
}

/// The response without the codings of its body, unless one of them is not known here. The headers stay as they are.
/// Unless there is a limit on the expansion each coding has its own; all of them count from what came in on the wire.
pub(super) fn decode(response: Response<Body>, max_expansion: Option<u32>) -> Response<Body> {
    if content_coding(response.headers()).is_some() {
        return response;
    }
    let codings: Vec<_> = registered(response.headers()).collect();
    if codings.is_empty() {
        return response;
    }
    response.map(|body| undo(body, &codings, max_expansion))
}

/// In the order in which they were applied.
fn registered(headers: &HeaderMap) -> impl Iterator<Item = String> + '_ {
    codings(headers).filter(|name| is_registered(name))
}

/// All words but `identity`, in lower case.
fn codings(headers: &HeaderMap) -> impl Iterator<Item = String> + '_ {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
}

fn is_registered(name: &str) -> bool {
    REGISTERED.contains(&name)
}

fn is_decoded(name: &str) -> bool {
    let gzip = cfg!(feature = "gzip") && matches!(name, "gzip" | "x-gzip");
    gzip || (cfg!(feature = "br") && name == "br")
}

#[cfg(any(feature = "gzip", feature = "br"))]
fn undo(body: Body, codings: &[String], max_expansion: Option<u32>) -> Body {
    let (body, received) = decoded::Counted::count(body);
    codings.iter().rev().fold(body, |body, name| {
        let expansion = |own: u32| Expansion::new(received.clone(), max_expansion.unwrap_or(own));
        match name.as_str() {
            #[cfg(feature = "br")]
            "br" => {
                let expansion = expansion(MAX_EXPANSION_BR);
                Body::new(Decoded::new(body, brotli::Brotli::new(), expansion))
            }
            #[cfg(feature = "gzip")]
            "gzip" | "x-gzip" => {
                let expansion = expansion(MAX_EXPANSION_GZIP);
                Body::new(Decoded::new(body, gzip::Gzip::new(), expansion))
            }
            _ => body,
        }
    })
}

#[cfg(not(any(feature = "gzip", feature = "br")))]
fn undo(body: Body, _: &[String], _: Option<u32>) -> Body {
    body
}

#[cfg(test)]
mod tests;
