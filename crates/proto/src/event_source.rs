//! The event source of the standard (HTML Standard 9.2.2 and 9.2.3), without I/O. In: what happened
//! to a connection, and when. Out: what to do next.
//!
//! Next: `machine.rs`, then `reconnection.rs`.

mod failures;
mod filling;
mod machine;
mod outcome;
mod output;
mod reconnection;
#[cfg(test)]
mod tests;

pub use machine::Machine;
pub use outcome::{Failure, Interruption};
pub use output::{Output, Response};
pub use reconnection::Reconnection;

/// The `readyState` of an event source, with the numbers of the standard.
///
/// ```
/// use wellspring_proto::ReadyState;
///
/// assert_eq!(ReadyState::Connecting as u8, 0);
/// assert_eq!(ReadyState::Open as u8, 1);
/// assert_eq!(ReadyState::Closed as u8, 2);
/// ```
///
/// | from | to | when |
/// |---|---|---|
/// | connecting | open | a good response has come |
/// | open | connecting | the connection is lost, or its body has ended |
/// | connecting, open | closed | a failure, or `close()` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_enums,
    reason = "the standard has three states and no room for more"
)]
#[repr(u8)]
pub enum ReadyState {
    /// Not established yet, or lost and being reestablished.
    Connecting = 0,
    /// Established; events are dispatched as they come.
    Open = 1,
    /// Closed by the program or failed; never reestablished.
    Closed = 2,
}
