//! The binding that puts the client under JavaScript. In: what the JavaScript layer asks for, and
//! its own scratch memory. Out: batches of entries that it turns into events.
//!
//! Messages cross in batches: their text in one copy, their places as numbers, so that no value of
//! JavaScript is made before it is dispatched. Nothing here knows about `Event` or `EventTarget`;
//! that is `lib/`.
//!
//! Next, from a response to JavaScript: `source.rs`, `carrier.rs`, `crossing.rs`, `exchange.rs`,
//! then `lib/batch.js`; what JavaScript is asked: `question.rs`.

mod carrier;
mod crossing;
mod decoder;
mod exchange;
mod headers;
mod options;
mod policy;
mod question;
mod runtime;
mod signal;
mod source;
mod transport;
