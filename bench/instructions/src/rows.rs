//! The rows. In: nothing. Out: for each a name, work that is prepared outside of the count, and how much it must
//! say it did.
//!
//! Next: `rows/decoder.rs`, `rows/encoder.rs`, `rows/machine.rs`, `rows/log.rs`.

mod decoder;
mod encoder;
mod log;
mod machine;

/// Work to count: it returns how much of it was done.
pub(crate) type Work = Box<dyn FnMut() -> u64>;

pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) expected: u64,
    pub(crate) prepare: fn() -> Work,
}

pub(crate) const ALL: &[Row] = &[
    decoder::TOKENS,
    decoder::TOKENS_OWNED,
    decoder::TOKENS_BATCH,
    decoder::TOKENS_PIECES,
    decoder::FIELDS,
    decoder::COMMENTS,
    decoder::LONG_LINES,
    encoder::DATA,
    encoder::FIELDS,
    machine::READING,
    machine::RECONNECTING,
    log::PUBLISHING,
    log::FOLLOWING,
    log::REPLAYING,
    log::RESUMING,
    log::KEYED,
];
