//! The counters of a channel. In: its state. Out: [`ChannelStats`].
//!
//! Next: `channel.rs` fills it.

/// Holds a channel's counters at one moment; see [`Channel::stats`](crate::Channel::stats).
///
/// What they tell an operator:
///
/// | sign | meaning | remedy |
/// |---|---|---|
/// | `gaps` grows | clients are away or behind for longer than the history lasts | a larger history |
/// | `pinned_bytes` stays high | many clients do not read | nothing, as long as memory allows; else fewer subscribers |
/// | `refused` grows | the limits on subscribers are reached | higher limits, or more servers |
/// | `disconnected` grows | slow clients are cut off | [`OnGap::Skip`](crate::OnGap::Skip), or a larger history |
/// | `joined` grows faster than `subscribers` | clients reconnect often: a proxy cuts idle connections? | a shorter [`keep_alive`](crate::EventStream::keep_alive) |
///
/// `published`, `joined`, `refused`, `gaps`, `missed`, `latest_delivered` and `disconnected` only grow; the
/// others go up and down.
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
    /// Open event streams.
    pub subscribers: usize,
    /// Event streams opened since the channel was made.
    pub joined: u64,
    /// Subscribers that [`Channel::try_subscribe`](crate::Channel::try_subscribe) refused.
    pub refused: u64,
    /// Events published since the channel was made.
    pub published: u64,
    /// Events in the history.
    pub history_events: u64,
    /// Bytes that count against [`HistoryLimits::bytes`](crate::HistoryLimits::bytes).
    pub history_bytes: usize,
    /// Bytes of events that are no longer part of the history's buffers but still held. Two things hold
    /// them: frames that a server has taken and not yet written, at most 16 KiB each (hyper queues up to
    /// 16 of them for a socket that is stuck, so 256 KiB; over HTTP/2 as many as `max_send_buf_size` lets
    /// it), and events larger than a frame that subscribers are in the middle of, together no more than
    /// [`HistoryLimits::bytes`](crate::HistoryLimits::bytes) or one event. Subscribers that are stuck at
    /// the same position share the bytes, which count once.
    ///
    /// Not counted is what a server copies: TLS encrypts up to 64 KiB ahead, and hyper with
    /// `writev(false)` copies up to `max_buf_size` and a frame.
    pub pinned_bytes: usize,
    /// Gaps: how often a subscriber's next event had left the history, at a resume or later.
    pub gaps: u64,
    /// Events missed in those gaps, as far as known. An event missed by two subscribers counts twice.
    pub missed: u64,
    /// Events delivered instead of missed ones, as the latest of their keys, by
    /// [`OnGap::Latest`](crate::OnGap::Latest). Each subscriber counts.
    pub latest_delivered: u64,
    /// Events kept as the latest of their keys after they left the history.
    pub latest_events: usize,
    /// Bytes that count against [`LatestLimits::bytes`](crate::LatestLimits::bytes).
    pub latest_bytes: usize,
    /// Subscribers whose streams were ended because they were too slow:
    /// [`LeaveReason::Slow`](crate::LeaveReason::Slow).
    pub disconnected: u64,
}
