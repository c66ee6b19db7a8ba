//! Who comes and who goes. In: joins and leaves. Out: calls of the program's hook.
//!
//! Next: `channel/join.rs` and `channel/subscriber.rs` tell it.

use std::fmt;
use std::sync::Arc;

use crate::Resume;

/// A subscriber came or went; what [`ChannelBuilder::on_presence`] is called with.
///
/// Of one subscriber the join is told first. A client that went away without closing has left when its
/// server notices: at a write that fails, at the latest.
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
    /// It subscribed.
    #[non_exhaustive]
    Joined {
        /// Its [key](crate::Subscription::key).
        key: Option<&'a str>,
        /// What became of the last event ID it brought.
        resume: Option<Resume>,
        /// How many there were then.
        subscribers: usize,
    },
    /// Its stream ended or was dropped.
    #[non_exhaustive]
    Left {
        /// Its [key](crate::Subscription::key).
        key: Option<&'a str>,
        /// Why.
        reason: LeaveReason,
        /// How many remained then.
        subscribers: usize,
    },
}

/// Why a subscriber left.
///
/// ```
/// assert_ne!(wellspring_server::LeaveReason::Gone, wellspring_server::LeaveReason::Closed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaveReason {
    /// Its stream was dropped: the client is gone, or the server ended the connection.
    Gone,
    /// It was too slow, and [`OnGap::Disconnect`](crate::OnGap::Disconnect) ended it.
    Slow,
    /// The channel was closed, and it had everything.
    Closed,
    /// The channel was [drained](crate::Channel::drain).
    Drained,
}

/// What a program wants to be called with joins and leaves.
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
