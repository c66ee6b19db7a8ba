//! Whether an event is there by half. In: bytes as they come. Out: whether a block with a field in it
//! has begun and has not ended.
//!
//! Next: back to `../watch.rs`.

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Blocks {
    /// Something other than a line end stands in this line.
    in_line: bool,
    after_cr: bool,
    /// A line of this block is no comment.
    has_field: bool,
}

impl Blocks {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let line_feed_of_crlf = self.after_cr && *byte == b'\n';
            self.after_cr = *byte == b'\r';
            match byte {
                b'\n' if line_feed_of_crlf => {}
                b'\n' | b'\r' if self.in_line => self.in_line = false,
                b'\n' | b'\r' => self.has_field = false,
                first if !self.in_line => {
                    self.in_line = true;
                    self.has_field |= *first != b':';
                }
                _ => {}
            }
        }
    }

    pub(super) fn is_half(self) -> bool {
        self.has_field
    }
}

#[cfg(test)]
mod tests;
