//! Where a response's body ends (RFC 9112, 6.3). In: the response's head, then the bytes behind it. Out: the body's own
//! bytes, and whether it is over.
//!
//! Next: `chunked.rs`; then back to `reader.rs`.

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http_body::SizeHint;

use super::chunked::Chunked;

/// What ends the body of a response that may have one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Framing {
    Chunked(Chunked),
    /// So many bytes are left.
    Length(u64),
    /// The end of the connection.
    Close,
}

impl Framing {
    /// `None` for a length that is none; hyper lets no such head through.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        if let Some(coding) = headers.get_all(TRANSFER_ENCODING).iter().next_back() {
            return Some(match is_chunked(coding.as_bytes()) {
                true => Self::Chunked(Chunked::default()),
                false => Self::Close,
            });
        }
        let Some(length) = headers.get(CONTENT_LENGTH) else {
            return Some(Self::Close);
        };
        // Equal lengths may stand in a list.
        let first = length.as_bytes().split(|&byte| byte == b',').next();
        let digits = first.unwrap_or_default().trim_ascii();
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let digits = std::str::from_utf8(digits).ok()?;
        digits.parse().ok().map(Self::Length)
    }

    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Chunked(chunked) => chunked.is_over(),
            Self::Length(left) => *left == 0,
            Self::Close => false,
        }
    }

    /// Why the body does not go on.
    pub(super) fn broken(&self) -> Option<&'static str> {
        match self {
            Self::Chunked(chunked) => chunked.broken(),
            Self::Length(_) | Self::Close => None,
        }
    }

    /// How many bytes of the body stand at the front afterwards.
    pub(super) fn decode(&mut self, bytes: &mut [u8]) -> usize {
        match self {
            Self::Chunked(chunked) => chunked.decode(bytes),
            Self::Length(left) => {
                let length = usize::try_from(*left).unwrap_or(usize::MAX);
                let length = length.min(bytes.len());
                *left -= length as u64;
                length
            }
            Self::Close => bytes.len(),
        }
    }

    /// Whether the connection may end here.
    pub(super) fn may_end(&self) -> bool {
        matches!(self, Self::Close) || self.is_over()
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        match self {
            Self::Length(left) => SizeHint::with_exact(*left),
            Self::Chunked(_) | Self::Close => SizeHint::default(),
        }
    }
}

/// Whether `chunked` was applied last.
fn is_chunked(codings: &[u8]) -> bool {
    let last = codings.rsplit(|&byte| byte == b',').next();
    last.is_some_and(|last| last.trim_ascii().eq_ignore_ascii_case(b"chunked"))
}

#[cfg(test)]
mod tests;
