//! The head of a response. In: its parts. Out: bytes, as hyper would write them, but that the connection
//! ends with this response.
//!
//! What it adds to the service's headers is `Transfer-Encoding: chunked` and `Connection: close` for HTTP/1.1, and
//! `Date` if there is none. A `Connection` header of the service's is left off. Header names are in lower case, as
//! hyper writes them.
//!
//! Next: `stream.rs` sends them.

use std::time::SystemTime;

use http::header::{CONNECTION, DATE};
use http::response::Parts;

use super::handoff::Framing;

/// Returns the status line, the header lines and the blank line.
pub(super) fn encode(parts: &Parts, framing: Framing) -> Vec<u8> {
    let mut head = Vec::with_capacity(512);
    head.extend_from_slice(match framing {
        Framing::Chunked => b"HTTP/1.1 ",
        Framing::UntilClose => b"HTTP/1.0 ",
    });
    head.extend_from_slice(parts.status.as_str().as_bytes());
    head.push(b' ');
    let reason = parts.status.canonical_reason().unwrap_or("<none>");
    head.extend_from_slice(reason.as_bytes());
    head.extend_from_slice(b"\r\n");
    let headers = parts.headers.iter();
    for (name, value) in headers.filter(|(name, _)| *name != CONNECTION) {
        line(&mut head, name.as_str(), value.as_bytes());
    }
    if framing == Framing::Chunked {
        line(&mut head, "transfer-encoding", b"chunked");
        line(&mut head, "connection", b"close");
    }
    if !parts.headers.contains_key(DATE) {
        let date = httpdate::fmt_http_date(SystemTime::now());
        line(&mut head, "date", date.as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// Appends one header line.
fn line(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        head.extend_from_slice(part);
    }
}
