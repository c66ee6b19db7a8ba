//! What of an event is there before it is complete. In: bytes as they come. Out: where each block ends,
//! whether it had an id of its own, and what the block holds that has not ended.
//!
//! Next: back to `../watch.rs`.

const BOM: &[u8; 3] = b"\xEF\xBB\xBF";

/// U+FFFD, which also stands for bytes that are not UTF-8.
const REPLACEMENT: &[u8; 3] = b"\xEF\xBF\xBD";

/// The longest name that matters is `event` or `retry`; one more byte tells longer ones apart.
const NAME: usize = 6;

/// What the block that has not ended holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pending {
    /// No part of an event: comments and `retry` take effect without a blank line.
    #[default]
    Nothing,
    /// Whole lines of `event` or `id`, and no data yet.
    Fields,
    /// Whole lines, data among them: the blank line is missing.
    Data,
    /// A line that is cut.
    Cut,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    line: Line,
    after_cr: bool,
    /// How many bytes of the stream have been seen, up to the length of a BOM, and how many were one.
    start: usize,
    bom: usize,
    /// How many bytes of a replacement character have been seen, and how many whole ones.
    replacement: usize,
    replacements: u64,
    has_fields: bool,
    has_data: bool,
    has_id: bool,
    /// The block that ended last had a valid `id` field.
    ended_with_id: bool,
}

/// The line that has not ended.
#[derive(Clone, Debug, Default)]
struct Line {
    name: [u8; NAME],
    length: usize,
    has_colon: bool,
    has_nul: bool,
    is_begun: bool,
}

impl Blocks {
    /// Takes bytes up to the end of a block, or all of them; returns how many.
    pub(super) fn take_block(&mut self, bytes: &[u8]) -> usize {
        for (at, byte) in bytes.iter().enumerate() {
            self.count_replacement(*byte);
            let line_feed_of_crlf = self.after_cr && *byte == b'\n';
            self.after_cr = *byte == b'\r';
            if line_feed_of_crlf || self.is_bom(*byte) {
                continue;
            }
            if !matches!(byte, b'\n' | b'\r') {
                self.line.take(*byte);
            } else if self.line.is_begun {
                self.end_line();
            } else if self.end_block() {
                return at + 1;
            }
        }
        bytes.len()
    }

    fn count_replacement(&mut self, byte: u8) {
        self.replacement = match byte {
            _ if REPLACEMENT[self.replacement] == byte => self.replacement + 1,
            _ => usize::from(byte == REPLACEMENT[0]),
        };
        if self.replacement == REPLACEMENT.len() {
            (self.replacement, self.replacements) = (0, self.replacements + 1);
        }
    }

    /// How often U+FFFD was sent as such, wherever it stood.
    pub(super) fn replacements(&self) -> u64 {
        self.replacements
    }

    /// A byte order mark at the start of a stream is no part of its first line.
    fn is_bom(&mut self, byte: u8) -> bool {
        if self.start == BOM.len() {
            return false;
        }
        let is_part = self.bom == self.start && BOM.get(self.start) == Some(&byte);
        self.start += 1;
        self.bom += usize::from(is_part);
        is_part
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        match line.field() {
            b"data" => self.has_data = true,
            b"event" => self.has_fields = true,
            b"id" => {
                self.has_fields = true;
                self.has_id |= !line.has_nul;
            }
            _ => {}
        }
    }

    /// Whether the block had any field of an event.
    fn end_block(&mut self) -> bool {
        let had_any = self.has_fields || self.has_data;
        self.ended_with_id = self.has_id;
        (self.has_fields, self.has_data, self.has_id) = (false, false, false);
        had_any
    }

    pub(super) fn ended_with_id(&self) -> bool {
        self.ended_with_id
    }

    /// Whether the block that has not ended holds data, be it a part of a line.
    pub(super) fn holds_data(&self) -> bool {
        self.has_data || (self.line.has_colon && self.line.field() == b"data")
    }

    pub(super) fn pending(&self) -> Pending {
        if self.line.is_begun && self.line.is_of_event() {
            Pending::Cut
        } else if self.has_data {
            Pending::Data
        } else if self.has_fields {
            Pending::Fields
        } else {
            Pending::Nothing
        }
    }
}

impl Line {
    fn take(&mut self, byte: u8) {
        self.is_begun = true;
        self.has_nul |= byte == 0;
        if self.has_colon {
            return;
        }
        if byte == b':' {
            self.has_colon = true;
        } else if self.length < NAME {
            self.name[self.length] = byte;
            self.length += 1;
        }
    }

    /// The name of the field, as far as it is there; nothing for a comment.
    fn field(&self) -> &[u8] {
        &self.name[..self.length]
    }

    /// Neither a comment nor what may become `retry`.
    fn is_of_event(&self) -> bool {
        let (name, fields) = (self.field(), [&b"data"[..], b"event", b"id"]);
        if self.has_colon {
            return fields.contains(&name);
        }
        fields.iter().any(|field| field.starts_with(name))
    }
}

#[cfg(test)]
mod tests;
