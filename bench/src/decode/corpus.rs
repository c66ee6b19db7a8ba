//! In: a name and a size. Out: the bytes of an event stream, the blocks it consists of, and what any
//! decoder must find in it. Deterministic: the same name and size give the same bytes on every machine.
//!
//! Next: `corpus/blocks.rs` writes the blocks of each corpus, `chunks.rs` cuts the bytes as a network would.

mod blocks;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use std::hint::black_box;

/// What a decoder must find: how many events, and the lengths of their three strings added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) events: u64,
    pub(crate) event_type: u64,
    pub(crate) data: u64,
    pub(crate) last_event_id: u64,
}

impl Totals {
    /// Counts one dispatched event. `event_type` is `message` where the stream named none.
    ///
    /// Each length goes by itself: the compiler would add them up in pairs, and read an event in wider words than it
    /// has just been written in. Processors stall on that for longer than a small event takes.
    #[inline]
    pub(crate) fn add(&mut self, event_type: &str, data: &str, last_event_id: &str) {
        self.events += 1;
        self.event_type += black_box(event_type.len() as u64);
        self.data += black_box(data.len() as u64);
        self.last_event_id += black_box(last_event_id.len() as u64);
    }

    /// The same stream so many times over.
    pub(crate) fn times(self, laps: u64) -> Self {
        Self {
            events: self.events * laps,
            event_type: self.event_type * laps,
            data: self.data * laps,
            last_event_id: self.last_event_id * laps,
        }
    }
}

/// Lines up to and including the empty one, or a comment line that stands alone.
#[derive(Clone, Copy, Debug)]
struct Block {
    /// Offset of the byte after the block.
    end: u32,
    /// Totals after the block, as a `Totals` cut down to 32 bits: a corpus is below 4 GiB.
    events: u32,
    event_type: u32,
    data: u32,
    last_event_id: u32,
}

/// One generated event stream.
#[derive(Debug)]
pub(crate) struct Corpus {
    pub(crate) name: &'static str,
    bytes: Bytes,
    blocks: Vec<Block>,
}

/// A prefix of a corpus: whole blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    corpus: &'a Corpus,
    blocks: usize,
}

/// The names of all corpora, in the order of the report.
pub(crate) const NAMES: [&str; 7] = [
    "tokens",
    "data-only",
    "wikimedia",
    "ticks",
    "long-lines",
    "multi-line-crlf",
    "comments",
];

impl Corpus {
    /// Generates at least `size` bytes of the corpus `name`; `None` for an unknown name.
    pub(crate) fn generate(name: &str, size: usize) -> Option<Self> {
        let name = NAMES.into_iter().find(|known| *known == name)?;
        let mut writer = Writer::with_capacity(size + 128 * 1024);
        let mut blocks = blocks::of(name);
        while writer.bytes.len() < size {
            blocks.write(&mut writer);
        }
        Some(Self {
            name,
            bytes: writer.bytes.into(),
            blocks: writer.blocks,
        })
    }

    /// The whole blocks within the first `size` bytes, but at least one block.
    pub(crate) fn prefix(&self, size: usize) -> View<'_> {
        let blocks = self
            .blocks
            .partition_point(|block| block.end as usize <= size);
        View {
            corpus: self,
            blocks: blocks.max(1),
        }
    }

    pub(crate) fn whole(&self) -> View<'_> {
        self.prefix(usize::MAX)
    }
}

impl<'a> View<'a> {
    pub(crate) fn len(self) -> usize {
        self.corpus.blocks[self.blocks - 1].end as usize
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        &self.corpus.bytes[..self.len()]
    }

    /// The same bytes, reference-counted, as an HTTP body hands them out.
    pub(crate) fn shared(self) -> &'a Bytes {
        &self.corpus.bytes
    }

    /// Where each block ends.
    pub(crate) fn block_ends(self) -> impl ExactSizeIterator<Item = usize> + 'a {
        let blocks = &self.corpus.blocks[..self.blocks];
        blocks.iter().map(|block| block.end as usize)
    }

    pub(crate) fn expected(self) -> Totals {
        let last = self.corpus.blocks[self.blocks - 1];
        Totals {
            events: last.events.into(),
            event_type: last.event_type.into(),
            data: last.data.into(),
            last_event_id: last.last_event_id.into(),
        }
    }

    pub(crate) fn is_whole(self) -> bool {
        self.blocks == self.corpus.blocks.len()
    }
}

/// Collects bytes and closes a block when told what it holds.
#[derive(Debug)]
struct Writer {
    bytes: Vec<u8>,
    blocks: Vec<Block>,
    totals: Totals,
}

impl Writer {
    fn with_capacity(size: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(size),
            blocks: Vec::new(),
            totals: Totals::default(),
        }
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// Ends a block that dispatches an event with these three strings.
    fn end_event(&mut self, event_type: &str, data: &str, last_event_id: &str) {
        self.totals.add(event_type, data, last_event_id);
        self.end_block();
    }

    /// Ends a block; nothing is dispatched unless `end_event` said so.
    fn end_block(&mut self) {
        let small = |wide: u64| u32::try_from(wide).expect("a corpus is below 4 GiB");
        self.blocks.push(Block {
            end: small(self.bytes.len() as u64),
            events: small(self.totals.events),
            event_type: small(self.totals.event_type),
            data: small(self.totals.data),
            last_event_id: small(self.totals.last_event_id),
        });
    }
}
