//! What no input may break. In: bytes that libFuzzer made up, or a seed. Out: nothing, or a panic
//! that says which property does not hold.
//!
//! Each target is a plain function, so that seeds run as ordinary tests and only `libfuzzer.rs` knows
//! who else calls it. Next: `input.rs` (bytes to choices), `trace.rs` (decoders to traces), then
//! `targets/`, a file each.

mod input;
mod targets;
mod trace;

pub use input::Input;

/// One property, searched for a counterexample.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Target {
    /// As on the command line, and the folder of its seeds.
    pub name: &'static str,
    /// What must hold.
    pub about: &'static str,
    /// Panics when it does not.
    pub run: fn(&[u8]),
    /// Whether the vectors of the test kit are seeds: what comes before the body in its input.
    pub vector_heads: &'static [&'static [u8]],
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "decoder",
        about: "the decoder agrees with the naive one, and with itself about limits",
        run: targets::decoder::run,
        vector_heads: targets::decoder::VECTOR_HEADS,
    },
    Target {
        name: "splits",
        about: "neither chunks nor outlets change what a stream means",
        run: targets::splits::run,
        vector_heads: targets::splits::VECTOR_HEADS,
    },
    Target {
        name: "peer",
        about: "the decoder agrees with sse-core",
        run: targets::peer::run,
        vector_heads: targets::peer::VECTOR_HEADS,
    },
    Target {
        name: "encoder",
        about: "a block is refused, or decodes to what it was made of",
        run: targets::encoder::run,
        vector_heads: &[],
    },
    Target {
        name: "machine",
        about: "the event source keeps its promises in any order of stimuli",
        run: targets::machine::run,
        vector_heads: &[],
    },
    Target {
        name: "matcher",
        about: "an index of topic selectors finds what each of them matches by itself",
        run: targets::matcher::run,
        vector_heads: &[],
    },
    Target {
        name: "token",
        about: "a token that is taken was signed, and has one spelling",
        run: targets::token::run,
        vector_heads: &[],
    },
    Target {
        name: "hub",
        about: "requests to the hub are answered, and what is published arrives",
        run: targets::hub::run,
        vector_heads: &[],
    },
    Target {
        name: "cursor",
        about: "each cursor has one text, and no publisher has it for an id",
        run: targets::cursor::run,
        vector_heads: &[],
    },
    Target {
        name: "record",
        about: "what an engine has stored reads as it was written, or is nobody's",
        run: targets::record::run,
        vector_heads: &[],
    },
    Target {
        name: "log",
        about: "subscribers of a channel get what a vector of events would give them",
        run: targets::log::run,
        vector_heads: &[],
    },
    Target {
        name: "response",
        about: "heads of responses are judged, and redirects followed, by the rules of Fetch",
        run: targets::response::run,
        vector_heads: &[],
    },
];

/// The target of that name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
