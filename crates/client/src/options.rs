//! What a source is to be like. In: a URL and wishes. Out: the [`EventSource`], and the fetch of each
//! of its attempts.
//!
//! Next: `driver.rs`.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;
use wellspring_proto::{Decoder, Limits, Machine, Reconnection};

use crate::connection::Fetching;
use crate::error::BuildError;
use crate::event_source::EventSource;
use crate::fetch::{FetchRequest, fetch};
use crate::signal::Opened;
use crate::transport::{HttpTransport, Transport};

/// Everything about a source that is not its URL, one method each.
///
/// ```
/// use std::time::Duration;
/// use wellspring::EventSource;
///
/// let source = EventSource::builder("https://example.com/stream")
///     .header("authorization", "Bearer secret")
///     .last_event_id("42")
///     .idle_timeout(Some(Duration::from_secs(60)))
///     .build()?;
/// assert_eq!(source.url(), "https://example.com/stream");
/// # Ok::<(), wellspring::BuildError>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until build"]
pub struct EventSourceBuilder {
    options: Result<Options, BuildError>,
}

pub(crate) struct Options {
    pub(crate) url: Url,
    /// The URL of the next attempt: the last one of the redirects before it.
    pub(crate) current_url: Url,
    pub(crate) with_credentials: bool,
    pub(crate) idle_timeout: Option<Duration>,
    headers: HeaderMap,
    pub(crate) last_event_id: String,
    comments: bool,
    limits: Limits,
    reconnection: Reconnection,
    transport: Option<Arc<dyn Transport>>,
}

impl EventSourceBuilder {
    pub(crate) fn new(url: &str) -> Self {
        let parsed = Url::parse(url).map_err(|reason| BuildError::Url {
            input: url.to_owned(),
            reason,
        });
        Self {
            options: parsed.map(Options::new),
        }
    }

    /// `withCredentials`: kept, and without effect for a program that has no origin of its own.
    pub fn with_credentials(self, with_credentials: bool) -> Self {
        self.set(|options| options.with_credentials = with_credentials)
    }

    /// Adds a header to every request. It replaces ours of the same name. `Authorization`, `Cookie`
    /// and `Proxy-Authorization` go to the URL's own origin only, whatever redirects say.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        self.add_header(name.as_ref(), value.as_ref(), false)
    }

    /// Likewise, for a header of another name whose value only the URL's own origin may see.
    pub fn sensitive_header(self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        self.add_header(name.as_ref(), value.as_ref(), true)
    }

    /// Resumes: the last event ID string of the first request.
    pub fn last_event_id(self, id: impl Into<String>) -> Self {
        self.set(|options| options.last_event_id = id.into())
    }

    /// How much is buffered at the most; 16 MiB a line and an event by default.
    pub fn limits(self, limits: Limits) -> Self {
        self.set(|options| options.limits = limits)
    }

    /// How long to wait between attempts.
    pub fn reconnection(self, reconnection: Reconnection) -> Self {
        self.set(|options| options.reconnection = reconnection)
    }

    /// Reconnects when a response, or a read of its body, has been waited for this long without a
    /// byte. Comments are bytes; time in which the program does not ask for events does not count.
    /// Off by default.
    pub fn idle_timeout(self, timeout: Option<Duration>) -> Self {
        self.set(|options| options.idle_timeout = timeout)
    }

    /// Whether comments are signalled. Off by default: they are skipped.
    pub fn comments(self, wanted: bool) -> Self {
        self.set(|options| options.comments = wanted)
    }

    /// Sends requests over this transport, instead of the one that all sources of the program share.
    pub fn transport(self, transport: impl Transport) -> Self {
        self.shared_transport(Arc::new(transport))
    }

    /// Likewise, for a transport that several sources share.
    pub fn shared_transport(self, transport: Arc<dyn Transport>) -> Self {
        self.set(|options| options.transport = Some(transport))
    }

    /// The source. It connects when it is first polled.
    ///
    /// # Errors
    /// The first of the URL and the headers that is not legal.
    pub fn build(self) -> Result<EventSource, BuildError> {
        Ok(EventSource::with_options(self.options?))
    }

    fn add_header(self, name: &str, value: &[u8], sensitive: bool) -> Self {
        self.try_set(|options| {
            let (name, mut value) = parse_header(name, value)?;
            value.set_sensitive(sensitive);
            options.headers.append(name, value);
            Ok(())
        })
    }

    fn set(self, change: impl FnOnce(&mut Options)) -> Self {
        self.try_set(|options| {
            change(options);
            Ok(())
        })
    }

    fn try_set(mut self, change: impl FnOnce(&mut Options) -> Result<(), BuildError>) -> Self {
        if let Ok(options) = &mut self.options
            && let Err(error) = change(options)
        {
            self.options = Err(error);
        }
        self
    }
}

fn parse_header(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), BuildError> {
    let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| BuildError::HeaderName {
        name: name.to_owned(),
    })?;
    let illegal = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    let value = HeaderValue::from_bytes(value).map_err(|_| BuildError::HeaderValue {
        name: name.to_owned(),
        position: value.iter().position(illegal).unwrap_or(0),
    })?;
    Ok((parsed, value))
}

impl Options {
    fn new(url: Url) -> Self {
        Self {
            current_url: url.clone(),
            url,
            with_credentials: false,
            idle_timeout: None,
            headers: HeaderMap::new(),
            last_event_id: String::new(),
            comments: false,
            limits: Limits::default(),
            reconnection: Reconnection::default(),
            transport: None,
        }
    }

    pub(crate) fn machine(&self) -> Machine {
        let mut decoder = Decoder::with_limits(self.limits).comments(self.comments);
        decoder.set_last_event_id(&self.last_event_id);
        Machine::new(decoder, self.reconnection)
    }

    /// The fetch of the next attempt.
    pub(crate) fn fetch(&mut self, last_event_id: &str) -> Fetching {
        let mut request = FetchRequest::new(self.current_url.clone());
        request.credentials_url = Some(self.url.clone());
        request.headers = self.headers.clone();
        request.last_event_id = last_event_id.to_owned();
        let last_event_id = request.last_event_id_header();
        let transport = self.transport.get_or_insert_with(default_transport);
        let response = Box::pin(fetch(Arc::clone(transport), request));
        Fetching::new(response, last_event_id)
    }

    /// The request of the standard keeps its list of URLs: the next attempt goes to the last one.
    pub(crate) fn follow(&mut self, opened: &Opened) {
        self.current_url = opened.url.clone();
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("url", &crate::fetch::without_credentials(&self.url))
            .finish_non_exhaustive()
    }
}

/// One for all sources that bring none, so that they share connections.
fn default_transport() -> Arc<dyn Transport> {
    static SHARED: OnceLock<Arc<HttpTransport>> = OnceLock::new();
    Arc::clone(SHARED.get_or_init(|| Arc::new(HttpTransport::default()))) as Arc<dyn Transport>
}
