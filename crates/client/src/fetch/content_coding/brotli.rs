//! The coding `br` (RFC 7932). In: one compressed stream. Out: what it holds; what follows it is ignored. The window, of
//! at most 16 MiB, is all that is buffered.
//! Next: back to `../content_coding.rs`.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::decoded::Coding;

pub(super) struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    ended: bool,
}

impl Brotli {
    pub(super) fn new() -> Self {
        let allocate = StandardAlloc::default;
        let state = BrotliState::new_strict(allocate(), allocate(), allocate());
        Self {
            state: Box::new(state),
            ended: false,
        }
    }
}

impl Coding for Brotli {
    const NAME: &'static str = "br";

    fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), &'static str> {
        if self.ended {
            return Ok((input.len(), 0));
        }
        let (mut unread, mut read) = (input.len(), 0);
        let (mut free, mut written, mut total) = (output.len(), 0, 0);
        let result = BrotliDecompressStream(
            &mut unread,
            &mut read,
            input,
            &mut free,
            &mut written,
            output,
            &mut total,
            &mut self.state,
        );
        match result {
            BrotliResult::ResultFailure => return Err("the compressed data is corrupt"),
            BrotliResult::ResultSuccess => self.ended = true,
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
        }
        Ok((read, written))
    }

    fn may_end(&self) -> bool {
        self.ended
    }
}
