//! An event stream, encoded again. In: events and ids, as they came. Out: blocks that bring them on: the
//! same types and data, and an id wherever it changed.
//!
//! Next: back to `printer.rs`.

use wellspring::EventRef;
use wellspring_proto::Block;

/// Knows the last event ID of who reads it.
#[derive(Debug, Default)]
pub(super) struct Stream {
    last_event_id: String,
}

impl Stream {
    pub(super) fn write_event(&mut self, out: &mut Vec<u8>, event: EventRef<'_>) {
        let mut block = Block::data(event.data);
        if event.event_type != "message" {
            // NUL is all that a type can have and a block cannot.
            let event_type = event.event_type.replace('\0', "\u{FFFD}");
            if let Ok(typed) = block.clone().event_type(event_type) {
                block = typed;
            }
        }
        if let Some(block_with_id) = self.with_id(block.clone(), event.last_event_id) {
            block = block_with_id;
        }
        block.encode_into(out);
    }

    pub(super) fn write_id(&mut self, out: &mut Vec<u8>, id: &str) {
        if let Some(block) = self.with_id(Block::empty(), id) {
            block.encode_into(out);
        }
    }

    /// `None` when the id is that of the block before.
    fn with_id<'a>(&mut self, block: Block<'a>, id: &str) -> Option<Block<'a>> {
        if id == self.last_event_id {
            return None;
        }
        id.clone_into(&mut self.last_event_id);
        block.id(id.to_owned()).ok()
    }
}

#[cfg(test)]
mod tests;
