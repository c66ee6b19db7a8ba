//! Every engine finds exactly what is there, in every corpus, at every chunking.

use super::{ALL, Found};
use crate::decode::chunks::{Chunking, Chunks};
use crate::decode::corpus::{Corpus, NAMES};

#[test]
fn every_engine_finds_what_is_there() {
    for name in NAMES {
        let corpus = Corpus::generate(name, 20_000).expect("a known name");
        for chunking in Chunking::ALL.into_iter().chain([Chunking::Bytes(1)]) {
            let chunks = Chunks::cut(corpus.whole(), chunking, 2);
            if name == "long-lines" && chunking == Chunking::Bytes(1) {
                continue; // quadratic peers would take minutes without optimisation
            }
            for engine in ALL {
                let found = (engine.prepare)(&chunks)();
                if let Found::Events(totals) = found {
                    assert_eq!(
                        totals,
                        chunks.expected(),
                        "{} {name} {chunking}",
                        engine.name
                    );
                }
            }
        }
    }
}
