//! In: a corpus and how it is framed. Out: the bytes of a chunked HTTP/1.1 response, made before anything is timed.
//!
//! Next: `server.rs`, which writes them.

use crate::decode::corpus::{Corpus, Totals};
use std::fmt;

/// How events are put into chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Framing {
    /// Chunks of 16 KiB, wherever events end: a busy server, or a proxy before it.
    #[value(name = "16k")]
    Wide,
    /// One event a chunk: a server that flushes after every event, and does not wait.
    Event,
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wide => "chunks of 16 KiB",
            Self::Event => "one event a chunk",
        })
    }
}

/// One lap of the stream, and what is in it. Laps follow each other without a seam.
#[derive(Debug)]
pub(crate) struct Lap {
    pub(crate) bytes: Vec<u8>,
    pub(crate) totals: Totals,
    /// Of the event stream alone, without the framing of HTTP.
    pub(crate) body: usize,
}

const CHUNK: usize = 16 * 1024;
/// Some 26,000 events.
const SIZE: usize = 4 << 20;

/// One lap of the corpus `tokens`: an event type and some 120 bytes of JSON an event.
pub(crate) fn lap(framing: Framing) -> Lap {
    let corpus = Corpus::generate("tokens", SIZE).expect("the corpus exists");
    let view = corpus.whole();
    let body = view.bytes();
    let mut bytes = Vec::with_capacity(body.len() * 11 / 10);
    match framing {
        Framing::Wide => body.chunks(CHUNK).for_each(|chunk| push(&mut bytes, chunk)),
        Framing::Event => {
            let mut start = 0;
            for end in view.block_ends() {
                push(&mut bytes, &body[start..end]);
                start = end;
            }
        }
    }
    Lap {
        bytes,
        totals: view.expected(),
        body: body.len(),
    }
}

fn push(bytes: &mut Vec<u8>, chunk: &[u8]) {
    bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
    bytes.extend_from_slice(chunk);
    bytes.extend_from_slice(b"\r\n");
}
