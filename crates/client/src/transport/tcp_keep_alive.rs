//! In: how long a connection may be silent before the system asks the peer whether it is there. Out: [`TcpKeepAlive`].
//! Next: `connect.rs`, which sets it.

use std::num::NonZeroU16;
use std::time::Duration;

/// When the operating system probes a silent TCP connection, and when it gives it up.
///
/// A stream that waits for events sends nothing itself. Without probes it never learns that its peer is gone: after a
/// suspend, or when a router on the way has forgotten the connection. By default the first probe goes out after 60 s
/// without traffic, the next ones every 15 s, and after the fourth without an answer the connection breaks off with a
/// network error: two minutes after the peer was last heard.
///
/// The system counts in whole seconds, so times are rounded up to seconds, from 1 to 32,767; 1 to 127 probes are sent.
/// Unix domain sockets have no keep-alive.
///
/// ```
/// use std::time::Duration;
/// use wellspring::EventSource;
/// use wellspring::transport::TcpKeepAlive;
///
/// let often = TcpKeepAlive::after(Duration::from_secs(20)).with_interval(Duration::from_secs(5));
/// let source = EventSource::builder("https://example.com/stream").tcp_keep_alive(often).build()?;
/// # let _ = source;
/// assert_eq!(TcpKeepAlive::default(), TcpKeepAlive::after(Duration::from_secs(60)));
/// # Ok::<(), wellspring::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpKeepAlive {
    /// In seconds, as is the interval. Never 0, so that an option takes no more room.
    idle: NonZeroU16,
    interval: NonZeroU16,
    /// None are sent with 0.
    probes: u8,
}

/// What Linux takes at most, in seconds.
const LONGEST: u16 = 32_767;
const MOST_PROBES: u32 = 127;

impl TcpKeepAlive {
    /// Returns the default with the first probe after `idle` without traffic.
    #[must_use]
    pub const fn after(idle: Duration) -> Self {
        Self {
            idle: seconds(idle),
            interval: seconds(Duration::from_secs(15)),
            probes: 4,
        }
    }

    /// Returns the setting that sends no probes.
    #[must_use]
    pub const fn off() -> Self {
        Self::after(Duration::from_secs(60)).with_probes(0)
    }

    /// Sets the time between two probes that are not answered. 15 s by default.
    #[must_use]
    pub const fn with_interval(mut self, interval: Duration) -> Self {
        self.interval = seconds(interval);
        self
    }

    /// Sets how many probes without an answer end the connection. 4 by default; 0 sends none.
    #[must_use]
    pub const fn with_probes(mut self, probes: u32) -> Self {
        self.probes = if probes > MOST_PROBES {
            MOST_PROBES as u8
        } else {
            probes as u8
        };
        self
    }

    /// What is set on a socket: idle time, interval and number of probes; `None` when nothing is set.
    #[cfg(feature = "http-transport")]
    pub(super) fn times(self) -> Option<(Duration, Duration, u32)> {
        let seconds = |seconds: NonZeroU16| Duration::from_secs(seconds.get().into());
        let times = (
            seconds(self.idle),
            seconds(self.interval),
            self.probes.into(),
        );
        (self.probes > 0).then_some(times)
    }
}

/// In whole seconds, rounded up, from 1 to [`LONGEST`].
const fn seconds(time: Duration) -> NonZeroU16 {
    let seconds = match time.as_secs() {
        seconds if seconds >= LONGEST as u64 => LONGEST,
        seconds if time.subsec_nanos() > 0 => seconds as u16 + 1,
        seconds => seconds as u16,
    };
    match NonZeroU16::new(seconds) {
        Some(seconds) => seconds,
        None => NonZeroU16::MIN,
    }
}

impl Default for TcpKeepAlive {
    fn default() -> Self {
        Self::after(Duration::from_secs(60))
    }
}
