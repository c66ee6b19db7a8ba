//! A good end. In: what the policy or the program made of the end of a connection. Out: why the source ended, as text too.
//!
//! Next: `error.rs`, the other kind of end.

use std::fmt;

/// Why a source ended without an error, although the program did not close it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use wellspring::{Ended, EventSource};
///
/// let mut source = EventSource::from_body("data: hello\n\n");
/// while source.next().await.is_some() {}
/// assert_eq!(source.ended(), Some(Ended::EndOfBody));
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// The [terminal event](crate::EventSourceBuilder::terminal_event) has come, or the program called
    /// [`complete`](crate::Handle::complete).
    Complete,
    /// The body ended, and the [policy](crate::EndOfBody::End) ends with it.
    EndOfBody,
    /// The body ended. The policy would reconnect, but it does not [repeat](crate::Policy::repeat) this request: one with
    /// `POST` may do its work twice.
    NotRepeated,
    /// An [`on_end`](crate::EventSourceBuilder::on_end) hook answered [`Decision::Stop`](crate::Decision::Stop).
    ByHook,
}

impl Ended {
    /// Returns what to do about it, where there is anything.
    ///
    /// ```
    /// assert!(wellspring::Ended::NotRepeated.help().unwrap().contains("repeat"));
    /// ```
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NotRepeated => Some(
                "set repeat to Repeat::Always if the request may be sent again, or choose Policy::finite if the \
                 stream has an end",
            ),
            _ => None,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Complete => "the stream is complete",
            Self::EndOfBody => "the body ended, and the stream with it",
            Self::NotRepeated => "the body ended, and this request is not repeated",
            Self::ByHook => "the on_end hook stopped the source",
        })
    }
}
