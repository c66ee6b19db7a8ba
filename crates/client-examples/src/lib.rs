//! Nothing: the examples are in `examples`, and the tests that run them, and that hold over every transport, in `tests`.
//!
//! Next: `../examples/router.rs`, `../tests/semantics.rs`.
