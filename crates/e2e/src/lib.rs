//! What the tests need where client and server meet. In: numbers, sockets, the program `wellspring`.
//! Out: events that can be made again, cuts at a byte, a server for channels, somebody else's server.
//! Not published.
//!
//! Next: `numbered.rs` and `cut.rs` for the kill test, `server.rs` for the rest.

pub mod arguments;
pub mod children;
pub mod cut;
pub mod numbered;
pub mod program;
pub mod server;
