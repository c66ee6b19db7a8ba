//! Encoded blocks, read back. In: what the encoder wrote, and the channel's own ids. Out: where each
//! block ends, and what a filter wants to know of it.
//!
//! The encoder ends lines by LF only, writes one space after a colon, and puts the event type before
//! the data; so this is no decoder.
//!
//! Next: `channel/filter.rs`.

use std::ops::Range;

use wellspring_proto::DEFAULT_EVENT_TYPE;

/// Where the blocks of a frame are, each with the blank line that ends it.
pub(super) fn blocks(frame: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = frame.get(start..).filter(|rest| !rest.is_empty())?;
        let mut length = 0;
        for line in lines(rest) {
            length += line.len();
            if line == b"\n" {
                break;
            }
        }
        let range = start..start + length;
        start = range.end;
        Some(range)
    })
}

/// What a filter looks at before it decodes a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fields<'a> {
    /// The type, or `message` if the block has none.
    pub(super) event_type: &'a [u8],
    /// Whether an event is dispatched. A block without data always passes.
    pub(super) has_data: bool,
    /// Whether the last event ID moves; the reset does not move it.
    pub(super) has_id: bool,
}

impl<'a> Fields<'a> {
    /// Looks through the lines of one block.
    pub(super) fn of(block: &'a [u8]) -> Self {
        let mut fields = Self {
            event_type: DEFAULT_EVENT_TYPE.as_bytes(),
            has_data: false,
            has_id: false,
        };
        for line in lines(block) {
            if let Some(event_type) = line.strip_prefix(b"event: ") {
                fields.event_type = event_type.strip_suffix(b"\n").unwrap_or(event_type);
            }
            fields.has_data |= line.starts_with(b"data:");
            fields.has_id |= line.starts_with(b"id: ");
        }
        fields
    }
}

/// Each with the LF that ends it.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}
