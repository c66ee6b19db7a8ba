//! Whether a body is compressed. In: headers. Out: the codings that change its bytes, and a word that
//! names none.
//!
//! Next: `head.rs`, `page.rs`.

use http::header::CONTENT_ENCODING;
use http::{HeaderMap, HeaderValue};
use wellspring::fetch::rules::unknown_content_coding;

/// What a gzip file begins with, if it is deflated (RFC 1952, section 2.3.1).
pub(super) const GZIP_FILE: [u8; 3] = [0x1F, 0x8B, 8];

/// The codings of the body, whether or not the client of this build could undo them.
pub(super) fn compressed(headers: &HeaderMap) -> Option<String> {
    let codings: Vec<_> = words(headers).filter(|word| is_registered(word)).collect();
    (!codings.is_empty()).then(|| codings.join(", "))
}

/// The first word that is no registered coding: the body is read as if it were not there.
pub(super) fn unknown(headers: &HeaderMap) -> Option<String> {
    words(headers).find(|word| !is_registered(word))
}

/// All but `identity`, in lower case.
fn words(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let values = headers.get_all(CONTENT_ENCODING).into_iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
    let words = values.flat_map(|value| {
        let words = value.split(',').map(|word| word.trim().to_owned());
        words.collect::<Vec<_>>()
    });
    words.filter(|word| !(word.is_empty() || word == "identity"))
}

fn is_registered(word: &str) -> bool {
    let mut alone = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(word) {
        alone.insert(CONTENT_ENCODING, value);
    }
    !alone.is_empty() && unknown_content_coding(&alone).is_none()
}

#[cfg(test)]
mod tests;
