//! The targets, one file each. In: bytes. Out: a panic when a property does not hold.
//!
//! Next: `targets/decoder.rs`.

pub(crate) mod cursor;
pub(crate) mod decoder;
pub(crate) mod encoder;
pub(crate) mod hub;
pub(crate) mod log;
pub(crate) mod machine;
pub(crate) mod matcher;
pub(crate) mod peer;
pub(crate) mod record;
pub(crate) mod response;
pub(crate) mod splits;
pub(crate) mod token;
