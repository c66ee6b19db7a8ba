//! How a source connects. In: settings. Out: the builder that keeps them.
//!
//! Next: back to `../builder.rs`.

use std::path::PathBuf;
use std::time::Duration;

use super::EventSourceBuilder;
use crate::transport::{Proxy, Route, TcpKeepAlive};

/// How it connects. The default transport honors these settings. A custom transport may ignore the timeouts; a way that it
/// does not [honor](crate::transport::Transport::honors_route) is an error, [`BuildError::Route`](crate::BuildError::Route).
impl EventSourceBuilder {
    /// Sets how long connecting may take: resolving, a proxy, the TLS handshake; what the transport says when
    /// `None`. Time spent in a queue for a connection does not count.
    pub fn connect_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.changes.connect_timeout = Some(timeout);
        self
    }

    /// Sets when the system probes a silent TCP connection, and when it gives it up; what the transport says otherwise,
    /// which is after 60 s, every 15 s, and after 4 probes by default.
    ///
    /// This finds out whether the peer's system is there, an [idle timeout](Self::idle_timeout) whether the server has
    /// anything to say.
    pub fn tcp_keep_alive(self, keep_alive: TcpKeepAlive) -> Self {
        self.set(|config| config.tcp_keep_alive = Some(keep_alive))
    }

    /// Connects through this proxy, whatever the transport and the environment say.
    ///
    /// ```
    /// use wellspring::EventSource;
    /// use wellspring::transport::Proxy;
    ///
    /// let source = EventSource::builder("https://example.com/stream")
    ///     .proxy(Proxy::new("socks5h://localhost:1080")?)
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn proxy(self, proxy: Proxy) -> Self {
        self.set(|config| config.route = Some(Route::Proxy(proxy)))
    }

    /// Connects without a proxy, whatever the transport and the environment say.
    pub fn no_proxy(self) -> Self {
        self.set(|config| config.route = Some(Route::Direct))
    }

    /// Connects to the Unix domain socket at this path, whatever the host of the URL, which is still sent to
    /// the server and, over TLS, verified. On Unix only: elsewhere the source fails.
    ///
    /// ```
    /// use wellspring::EventSource;
    ///
    /// let source = EventSource::builder("http://localhost/stream")
    ///     .unix_socket("/run/news.sock")
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn unix_socket(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        self.set(|config| config.route = Some(Route::UnixSocket(path)))
    }
}
