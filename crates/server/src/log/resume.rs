//! What became of a resume. In: the last event ID a subscriber brought. Out: one of [`Resume`].
//!
//! Next: `gap.rs` tells the subscriber, `response.rs` puts it into a header.

use std::fmt;

/// Says what became of a client's last event ID.
///
/// An id of a publisher is either [`Found`](Self::Found) or [`Unknown`](Self::Unknown); the other outcomes
/// are for ids of the channel's own form. Unless the id is found, the stream begins with the oldest event
/// of the history.
///
/// | outcome | the client's id | what follows |
/// |---|---|---|
/// | [`Found`](Self::Found) | of an event whose successors are all there | those, then live |
/// | [`Expired`](Self::Expired) | of an event long gone | a gap of a known size, the history, then live |
/// | [`OtherEpoch`](Self::OtherEpoch) | from before a restart | a gap of unknown size, the history, then live |
/// | [`NeverExisted`](Self::NeverExisted) | of an event still to come: made up, or of a copy of the channel | the same |
/// | [`Unknown`](Self::Unknown) | of another form: of a publisher and long gone, or of another server | the same |
///
/// ```
/// use wellspring_server::{Channel, LastEventId, Resume, Subscription};
///
/// let channel = Channel::builder().epoch("e1")?.build();
/// channel.publish("hello")?;
/// let outcome = |id: &str| -> Result<_, Box<dyn std::error::Error>> {
///     let subscription = Subscription::new().last_event_id(LastEventId::new(id)?);
///     Ok(channel.subscribe(subscription).resume())
/// };
/// assert_eq!(outcome("e1-1")?, Some(Resume::Found));
/// assert_eq!(outcome("e1-2")?, Some(Resume::NeverExisted));
/// assert_eq!(outcome("e0-1")?, Some(Resume::OtherEpoch));
/// assert_eq!(outcome("what")?, Some(Resume::Unknown));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resume {
    /// The event is known, and all that followed it are in the history: no gap.
    Found,
    /// The event existed, but some that followed it have left the history.
    Expired {
        /// The number of events that are gone.
        missed: u64,
    },
    /// The id is from another life of the channel; how many events were missed is not known.
    OtherEpoch,
    /// The id is of this life of the channel, but no such event has been published.
    NeverExisted,
    /// The id has not the channel's own form, and belongs to no event of the history.
    Unknown,
}

impl Resume {
    /// Returns the value of the header `Wellspring-Resume`: `found`, `expired`, `other-epoch`,
    /// `never-existed` or `unknown`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Expired { .. } => "expired",
            Self::OtherEpoch => "other-epoch",
            Self::NeverExisted => "never-existed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Resume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
