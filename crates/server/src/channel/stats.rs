//! What a channel has to say about itself. In: its counters. Out: [`ChannelStats`].
//!
//! Next: `channel.rs` fills it.

/// A channel's counters at one moment.
///
/// ```
/// use wellspring_server::Channel;
///
/// let channel = Channel::new();
/// channel.publish("hello")?;
/// let stats = channel.stats();
/// assert_eq!((stats.published, stats.history_events, stats.subscribers), (1, 1, 0));
/// # Ok::<(), wellspring_server::PublishError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChannelStats {
    /// Event streams that are open.
    pub subscribers: usize,
    /// Event streams that were ever opened.
    pub joined: u64,
    /// How many subscribers [`Channel::try_subscribe`](crate::Channel::try_subscribe) refused.
    pub refused: u64,
    /// Events published since the channel was made.
    pub published: u64,
    /// Events in the history.
    pub history_events: u64,
    /// What the history counts against its limit in bytes.
    pub history_bytes: usize,
    /// Bytes of events that are no longer part of the history's buffers but still held. Two things hold
    /// them: frames that a server has taken and not yet written, at most 16 KiB each (hyper queues up to
    /// 16 of them for a socket that is stuck, so 256 KiB), and events larger than a frame that subscribers
    /// are in the middle of, together no more than [`HistoryLimits::bytes`](crate::HistoryLimits::bytes)
    /// or one event. Subscribers that are stuck at the same place share the bytes, which count once.
    ///
    /// Not counted is what a server copies: TLS encrypts up to 64 KiB ahead, and hyper with
    /// `writev(false)` copies up to `max_buf_size` and a frame.
    pub pinned_bytes: usize,
    /// How often a subscriber's place had left the history, at a resume or later.
    pub gaps: u64,
    /// How many events were missed in those gaps, as far as that is known; each subscriber counts.
    pub missed: u64,
    /// How many events were delivered instead, as the latest of their keys, by
    /// [`OnGap::Latest`](crate::OnGap::Latest); each subscriber counts.
    pub latest_delivered: u64,
    /// Events kept as the latest of their keys after they left the history.
    pub latest_events: usize,
    /// What those count against their limit in bytes.
    pub latest_bytes: usize,
    /// How many subscribers were disconnected by [`OnGap::Disconnect`](crate::OnGap::Disconnect).
    pub disconnected: u64,
}
