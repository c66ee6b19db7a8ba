//! In: a corpus and a chunking. Out: the pieces a decoder is fed with, cut before the clock starts.
//!
//! Next: `engines.rs`, which takes them.

use super::corpus::{Totals, View};
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

/// A corpus in pieces, once or several times over.
#[derive(Debug)]
pub(crate) struct Chunks<'a> {
    view: View<'a>,
    laps: usize,
    slices: Vec<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    pub(crate) fn cut(view: View<'a>, chunking: Chunking, laps: usize) -> Self {
        let bytes = view.bytes();
        let lap: Vec<_> = match chunking {
            Chunking::Bytes(size) => bytes.chunks(size).collect(),
            Chunking::Event => {
                let mut start = 0;
                view.block_ends()
                    .map(|end| &bytes[std::mem::replace(&mut start, end)..end])
                    .collect()
            }
        };
        let slices = lap.repeat(laps);
        Self { view, laps, slices }
    }

    /// The bytes of all laps.
    pub(crate) fn len(&self) -> usize {
        self.view.len() * self.laps
    }

    /// What a decoder must find in them.
    pub(crate) fn expected(&self) -> Totals {
        self.view.expected().times(self.laps as u64)
    }

    pub(crate) fn newlines(&self) -> u64 {
        let newlines = self.view.bytes().iter().filter(|byte| **byte == b'\n');
        (newlines.count() * self.laps) as u64
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
