//! The end of a body. In: chunks of it. Out: whether it ended inside an event, which the events alone do
//! not tell.
//!
//! Next: back to `peek.rs`.

use std::ops::ControlFlow;

use memchr::memmem::rfind;
use wellspring_proto::Decoder;

/// As much is kept before it is decoded, in bytes.
const KEPT: usize = 64 * 1024;

/// What came since a blank line. Chunks are looked at from their ends, so that little is decoded.
#[derive(Debug, Default)]
pub(super) struct Pending {
    decoder: Option<Box<Decoder>>,
    bytes: Vec<u8>,
}

impl Pending {
    pub(super) fn read(&mut self, chunk: &[u8]) {
        let mut rest = chunk;
        if let Some(end) = end_of_blank_line(chunk) {
            self.decoder = None;
            self.bytes.clear();
            rest = &chunk[end..];
        }
        for part in rest.chunks(KEPT) {
            if self.bytes.len() + part.len() > KEPT {
                self.decode();
            }
            self.bytes.extend_from_slice(part);
        }
    }

    /// Whether a `data` line has come, and no blank line after it.
    pub(super) fn has_data(&mut self) -> bool {
        self.decode();
        self.decoder
            .as_ref()
            .is_some_and(|decoder| decoder.has_pending_data())
    }

    fn decode(&mut self) {
        let decoder = self.decoder.get_or_insert_default();
        // What exceeds a limit has its own error.
        let _ = decoder.decode(&self.bytes, |_| ControlFlow::Continue(()));
        self.bytes.clear();
    }
}

/// The end of the last blank line that is whole in the chunk. The LF of a CRLF may follow.
fn end_of_blank_line(chunk: &[u8]) -> Option<usize> {
    let mut end = None;
    for blank in [&b"\n\n"[..], b"\r\n\r\n", b"\r\r"] {
        let begin = end.map_or(0, |end: usize| end.saturating_sub(blank.len()));
        if let Some(at) = rfind(&chunk[begin..], blank) {
            end = end.max(Some(begin + at + blank.len()));
        }
    }
    end
}

#[cfg(test)]
mod tests;
