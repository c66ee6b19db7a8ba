//! In: a corpus and a chunking. Out: the pieces a decoder is fed with, cut before the clock starts.
//!
//! Next: `engines.rs`, which takes them.

use super::corpus::View;
use bytes::Bytes;
use std::fmt;
use std::str::FromStr;

/// How the bytes arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chunking {
    /// Pieces of so many bytes, wherever that cuts.
    Bytes(usize),
    /// One block a piece: what a server that flushes after each event gives.
    Event,
}

impl Chunking {
    /// The chunkings of the report.
    pub(crate) const ALL: [Self; 5] = [
        Self::Bytes(17),
        Self::Bytes(1_460),
        Self::Bytes(16 * 1024),
        Self::Bytes(64 * 1024),
        Self::Event,
    ];
}

impl fmt::Display for Chunking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(size) if size % 1024 == 0 => write!(f, "{} KiB", size / 1024),
            Self::Bytes(size) => write!(f, "{size} B"),
            Self::Event => f.write_str("one event"),
        }
    }
}

impl FromStr for Chunking {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(size) if size > 0 => Ok(Self::Bytes(size)),
            _ if text == "event" => Ok(Self::Event),
            _ => Err("a number of bytes above 0, or `event`".into()),
        }
    }
}

/// A corpus in pieces.
#[derive(Debug)]
pub(crate) struct Chunks<'a> {
    view: View<'a>,
    slices: Vec<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    pub(crate) fn cut(view: View<'a>, chunking: Chunking) -> Self {
        let bytes = view.bytes();
        let slices = match chunking {
            Chunking::Bytes(size) => bytes.chunks(size).collect(),
            Chunking::Event => {
                let mut start = 0;
                view.block_ends()
                    .map(|end| &bytes[std::mem::replace(&mut start, end)..end])
                    .collect()
            }
        };
        Self { view, slices }
    }

    pub(crate) fn view(&self) -> View<'a> {
        self.view
    }

    pub(crate) fn slices(&self) -> &[&'a [u8]] {
        &self.slices
    }

    /// The pieces as reference-counted slices of one buffer, for who takes nothing less.
    pub(crate) fn shared(&self) -> Vec<Bytes> {
        let whole = self.view.shared();
        self.slices
            .iter()
            .map(|slice| whole.slice_ref(slice))
            .collect()
    }
}
