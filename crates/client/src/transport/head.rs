//! In: nothing. Out: how large the head of a response may be, the same over HTTP/1.1 and HTTP/2.
//! Next: `http1.rs`, `http2.rs`.

use super::{TransportError, TransportErrorKind};

/// The most header fields that a response to the default transport may have.
pub const MAX_RESPONSE_HEADERS: usize = 1000;
/// The longest head of a response to the default transport, in bytes. HTTP/2 adds 32 for each field (RFC 9113, 6.5.2);
/// over HTTP/1.1 one may pass that is longer by less than a read.
pub const MAX_RESPONSE_HEAD: usize = 64 * 1024;

/// The error of a response whose head exceeds either limit.
pub(super) fn too_large(place: &str) -> TransportError {
    let detail = format!(
        "the response's head has more than {MAX_RESPONSE_HEADERS} header fields or {KIBIBYTES} KiB"
    );
    error(place, &detail)
}

/// The same where it may also be malformed.
pub(super) fn broken_or_too_long(place: &str) -> TransportError {
    let detail = format!(
        "the response breaks the rules of HTTP/2, or has a head of more than {KIBIBYTES} KiB"
    );
    error(place, &detail)
}

const KIBIBYTES: usize = MAX_RESPONSE_HEAD / 1024;

fn error(place: &str, detail: &str) -> TransportError {
    TransportError::new(TransportErrorKind::Protocol, place, detail)
        .with_help("have the server send fewer or shorter header fields")
}
