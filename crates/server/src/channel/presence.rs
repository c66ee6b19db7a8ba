//! Presence. In: joins and leaves. Out: calls of the program's hook.
//!
//! Next: `channel/join.rs` and `channel/subscriber.rs` tell it.

use std::fmt;
use std::sync::Arc;

use crate::Resume;

/// Reports that a subscriber joined or left, to the function set with [`ChannelBuilder::on_presence`].
///
/// A subscriber's join is reported before its leave. A client that vanishes without closing leaves when
/// its server notices, at the latest when a write fails.
///
/// [`ChannelBuilder::on_presence`]: crate::ChannelBuilder::on_presence
///
/// ```
/// use std::sync::mpsc;
/// use wellspring_server::{Channel, LeaveReason, Presence, Subscription};
///
/// let (sender, seen) = mpsc::channel();
/// let hook = move |presence: &Presence<'_>| {
///     let line = match *presence {
///         Presence::Joined { key, subscribers, .. } => format!("{key:?} makes {subscribers}"),
///         Presence::Left { key, reason, .. } => format!("{key:?} is {reason:?}"),
///         _ => return,
///     };
///     let _ = sender.send(line);
/// };
/// let channel = Channel::builder().on_presence(hook).build();
/// drop(channel.subscribe(Subscription::new().key("ann")));
/// assert_eq!(seen.recv()?, "Some(\"ann\") makes 1");
/// assert_eq!(seen.recv()?, "Some(\"ann\") is Gone");
/// # Ok::<(), mpsc::RecvError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presence<'a> {
    /// A subscriber joined.
    #[non_exhaustive]
    Joined {
        /// The subscriber's [key](crate::Subscription::key).
        key: Option<&'a str>,
        /// The outcome for its last event ID, if it sent one.
        resume: Option<Resume>,
        /// The number of subscribers, this one included.
        subscribers: usize,
    },
    /// A subscriber left: its stream ended or was dropped.
    #[non_exhaustive]
    Left {
        /// The subscriber's [key](crate::Subscription::key).
        key: Option<&'a str>,
        /// The reason.
        reason: LeaveReason,
        /// The number of subscribers that remain.
        subscribers: usize,
    },
}

/// Says why a subscriber left.
///
/// ```
/// assert_ne!(wellspring_server::LeaveReason::Gone, wellspring_server::LeaveReason::Closed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaveReason {
    /// The stream was dropped: the client is gone, or the server ended the connection.
    Gone,
    /// The subscriber was too slow: [`OnGap::Disconnect`](crate::OnGap::Disconnect) ended the stream, or
    /// the large event it was in the middle of [could not be kept](crate::HistoryLimits).
    Slow,
    /// The channel was closed, and all events were delivered.
    Closed,
    /// The channel was [drained](crate::Channel::drain).
    Drained,
}

/// The program's function for joins and leaves.
#[derive(Clone)]
pub(super) struct Hook(Arc<dyn Fn(&Presence<'_>) + Send + Sync>);

impl Hook {
    pub(super) fn new(hook: impl Fn(&Presence<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }

    /// To be called outside of the channel's lock.
    pub(super) fn tell(&self, presence: &Presence<'_>) {
        (self.0)(presence);
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}
