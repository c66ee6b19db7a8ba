//! Event streams on other people's servers. In: nothing; the programs are in `examples/`, for plain
//! hyper in those of `wellspring-server`. Out: `tests/` runs each of them.
//!
//! Next: `examples/axum.rs`, `examples/tower_http.rs`, `examples/actix.rs`.

/// The README, so that its Rust is compiled as it stands.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
