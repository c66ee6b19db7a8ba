//! The configuration of a source, method by method. In: a URL and settings. Out: the [`EventSource`], or
//! what is wrong with the settings.
//!
//! Next: `builder/connection.rs`, how it connects; `builder/page.rs`, on whose behalf it asks; `builder/policy.rs`, what it
//! does at the end; `../driver/config.rs`, what becomes of the settings.

mod body;
mod changes;
mod clone;
mod connection;
pub(crate) mod error;
mod page;
mod policy;

use std::error::Error;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use http::header::USER_AGENT;
use http::{HeaderName, HeaderValue, Method};
use url::Url;
use wellspring_proto::{EventRef, Limits};

use self::changes::Changes;
use crate::driver::config::Config;
use crate::policy::attempt::{Attempt, BeforeAttempt};
use crate::policy::decision::{Answer, Decision, End, OnEnd, TerminalEvent};
use crate::source::builder::error::BuildError;
use crate::source::event_source::EventSource;
use crate::transport::Transport;

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
    config: Result<Config, BuildError>,
    changes: Changes,
}

impl EventSource {
    /// Makes a source for `url`, an absolute URL, with everything else as in the standard.
    ///
    /// Nothing is sent until the source is polled. A URL that is not `http` or `https` fails then,
    /// not here.
    ///
    /// # Errors
    /// The URL does not parse.
    pub fn new(url: impl AsRef<str>) -> Result<Self, BuildError> {
        Self::builder(url).build()
    }

    /// Returns a builder for a source of `url`.
    pub fn builder(url: impl AsRef<str>) -> EventSourceBuilder {
        EventSourceBuilder::new(url.as_ref())
    }
}

impl EventSourceBuilder {
    pub(crate) fn new(url: &str) -> Self {
        let parsed = Url::parse(url).map_err(|reason| BuildError::Url {
            input: url.to_owned(),
            reason,
        });
        Self {
            config: parsed.map(Config::new),
            changes: Changes::default(),
        }
    }

    pub(crate) fn with_config(config: Config) -> Self {
        Self {
            config: Ok(config),
            changes: Changes::default(),
        }
    }

    /// Adds a header to every request. It replaces ours of the same name. `Authorization`, `Cookie`
    /// and `Proxy-Authorization` go to the URL's own origin only, whatever redirects say.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        self.add_header(name.as_ref(), value.as_ref(), false)
    }

    /// Adds, likewise, a header of another name whose value only the URL's own origin may see.
    pub fn sensitive_header(self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        self.add_header(name.as_ref(), value.as_ref(), true)
    }

    /// Asks with this method instead of `GET`; the usual ones may be written in lower case.
    ///
    /// A request whose method is not idempotent (`POST`, `PATCH`) may have done its work when its
    /// connection breaks, so it is not repeated unless [`repeat`](Self::repeat) says so. It follows redirects by
    /// Fetch's rules: 301, 302 and 303 turn `POST` into `GET` and drop the body, 307 and 308 repeat it.
    pub fn method(self, method: impl AsRef<str>) -> Self {
        let method = method.as_ref();
        self.try_set(|config| {
            config.method = parse_method(method)?;
            Ok(())
        })
    }

    /// Sends this body with every request. It is kept in memory, so that it can be sent again. No
    /// `Content-Type` is added.
    ///
    /// ```
    /// use wellspring::EventSource;
    ///
    /// let source = EventSource::builder("https://example.com/stream")
    ///     .method("POST")
    ///     .header("content-type", "application/json")
    ///     .body(r#"{"stream":true}"#)
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.set(|config| config.body = body.into())
    }

    /// Sets `User-Agent`, instead of `wellspring/` and our version.
    pub fn user_agent(self, value: impl AsRef<[u8]>) -> Self {
        self.try_set(|config| {
            let (name, value) = parse_header(USER_AGENT.as_str(), value.as_ref())?;
            config.headers.insert(name, value);
            Ok(())
        })
    }

    /// Sets the last event ID string of the first request, from which the server resumes.
    pub fn last_event_id(self, id: impl Into<String>) -> Self {
        self.set(|config| config.last_event_id = id.into())
    }

    /// Sets how much is buffered at the most; 16 MiB a line and an event, 64 KiB an id by default.
    pub fn limits(self, limits: Limits) -> Self {
        self.set(|config| config.limits = limits)
    }

    /// Sets how many times its size, and 1 MiB more, a compressed body may decode to; 500 times by default for `gzip`,
    /// which can reach 1,032, and 2,000 times for `br`. One that goes beyond fails the source, so that a few bytes cannot
    /// keep the program busy. What came in counts on the wire, also where one coding is on top of another. Bodies are decoded with the features
    /// `gzip` and `br`, and `Accept-Encoding` asks for what is built in.
    #[cfg(any(feature = "gzip", feature = "br"))]
    pub fn max_expansion(self, times: u32) -> Self {
        self.set(|config| config.max_expansion = Some(times))
    }

    /// Asks the program at each end of a connection, and of each attempt at one, what to make of it.
    /// The hook must not block.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wellspring::{Cause, Decision, EventSource};
    ///
    /// let source = EventSource::builder("https://example.com/stream")
    ///     .on_end(|end| match end.cause {
    ///         Cause::Refused(refused) if refused.status == 503 => {
    ///             Decision::ReconnectAfter(Duration::from_secs(30))
    ///         }
    ///         _ => Decision::Default,
    ///     })
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn on_end(self, decide: impl Fn(&End<'_>) -> Decision + Send + Sync + 'static) -> Self {
        let hook = OnEnd(Arc::new(move |end| Answer::Now(decide(end))));
        self.set(|config| config.hooks.on_end = Some(hook))
    }

    /// Asks likewise, for a program that has to wait for what it decides by. Meanwhile the source stands
    /// still, without a connection. It takes the place of [`on_end`](Self::on_end), and the reverse.
    ///
    /// ```
    /// use wellspring::{Decision, EventSource};
    ///
    /// # async fn is_job_done() -> bool { true }
    /// let source = EventSource::builder("https://example.com/jobs/7")
    ///     .on_end_async(|end| {
    ///         let early = end.events == 0;
    ///         async move {
    ///             if early || !is_job_done().await {
    ///                 return Decision::Reconnect;
    ///             }
    ///             Decision::Stop
    ///         }
    ///     })
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn on_end_async<F>(self, decide: impl Fn(&End<'_>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Decision> + Send + 'static,
    {
        let hook = OnEnd(Arc::new(move |end| Answer::Later(Box::pin(decide(end)))));
        self.set(|config| config.hooks.on_end = Some(hook))
    }

    /// Calls this before each attempt, the first included: it may wait, and it may change the URL, the
    /// method, the headers, the body and the last event ID of the attempt, to refresh a credential
    /// say. When it fails nothing is sent, and the attempt counts as failed.
    ///
    /// ```
    /// use wellspring::{BuildError, EventSource};
    ///
    /// # async fn refresh() -> Result<String, std::io::Error> { Ok(String::new()) }
    /// let source = EventSource::builder("https://example.com/stream")
    ///     .before_attempt(|mut attempt| async move {
    ///         let secret = refresh().await?;
    ///         attempt.headers.insert("authorization", secret.parse()?);
    ///         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(attempt)
    ///     })
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), BuildError>(())
    /// ```
    pub fn before_attempt<F, E>(self, hook: impl Fn(Attempt) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Attempt, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let hook = BeforeAttempt::new(hook);
        self.set(|config| config.hooks.before_attempt = Some(hook))
    }

    /// Says which event completes the stream: once it is taken, the source ends. Where the policy
    /// ends at the end of a body, a body that ends without one is an error,
    /// [`Failure::Truncated`](crate::Failure::Truncated).
    ///
    /// ```
    /// use wellspring::{EventSource, Policy};
    ///
    /// let source = EventSource::builder("https://example.com/v1/chat/completions")
    ///     .method("POST")
    ///     .header("content-type", "application/json")
    ///     .body(r#"{"stream":true}"#)
    ///     .policy(Policy::finite())
    ///     .terminal_event(|event| event.data == "[DONE]")
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn terminal_event(
        self,
        is_terminal: impl Fn(EventRef<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        let is_terminal = TerminalEvent(Arc::new(is_terminal));
        self.set(|config| config.hooks.terminal_event = Some(is_terminal))
    }

    /// Sets whether comments are handed on: to [`signals`](EventSource::signals),
    /// [`Blocking::next_signal`](crate::Blocking::next_signal) and [`oncomment`](crate::Handle::oncomment). What gives
    /// events alone leaves them out: [`next`](EventSource::next), streams, iterators and JSON. Off by default: they are
    /// skipped.
    pub fn comments(self, wanted: bool) -> Self {
        self.set(|config| config.comments = wanted)
    }

    /// Sends requests over this transport, instead of the one that all sources of the program share.
    pub fn transport(self, transport: impl Transport) -> Self {
        self.shared_transport(Arc::new(transport))
    }

    /// Sends them likewise, over a transport that several sources share.
    pub fn shared_transport(self, transport: Arc<dyn Transport>) -> Self {
        self.set(|config| config.transport = Some(transport))
    }

    /// Builds the source. It connects when it is first polled.
    ///
    /// # Errors
    /// The first of the URL, the method, the origin and the headers that is not legal; a body that the method does not
    /// allow; a request that its origin may not send without a preflight; or a way to connect that its transport does
    /// not follow.
    pub fn build(self) -> Result<EventSource, BuildError> {
        let mut config = self.config?;
        self.changes.apply(&mut config);
        let bodiless = matches!(config.method, Method::GET | Method::HEAD);
        if bodiless && !config.body.is_empty() {
            let method = config.method.to_string();
            return Err(BuildError::Body { method });
        }
        let transport = config.transport.as_ref();
        if config.route.is_some() && transport.is_some_and(|transport| !transport.honors_route()) {
            return Err(BuildError::Route);
        }
        if let Some(needed) = config.needs_preflight() {
            return Err(BuildError::Preflight { needed });
        }
        Ok(EventSource::with_config(config))
    }

    fn add_header(self, name: &str, value: &[u8], sensitive: bool) -> Self {
        self.try_set(|config| {
            let (name, mut value) = parse_header(name, value)?;
            value.set_sensitive(sensitive);
            config.headers.append(name, value);
            Ok(())
        })
    }

    fn set(self, change: impl FnOnce(&mut Config)) -> Self {
        self.try_set(|config| {
            change(config);
            Ok(())
        })
    }

    fn try_set(mut self, change: impl FnOnce(&mut Config) -> Result<(), BuildError>) -> Self {
        if let Ok(config) = &mut self.config
            && let Err(error) = change(config)
        {
            self.config = Err(error);
        }
        self
    }
}

/// Fetch normalises six methods and forbids three.
fn parse_method(method: &str) -> Result<Method, BuildError> {
    const NORMALISED: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    const FORBIDDEN: [&str; 3] = ["CONNECT", "TRACE", "TRACK"];
    let is = |known: &&str| known.eq_ignore_ascii_case(method);
    let known = NORMALISED.into_iter().find(is).unwrap_or(method);
    let illegal = || BuildError::Method {
        method: method.to_owned(),
    };
    if FORBIDDEN.iter().any(is) {
        return Err(illegal());
    }
    Method::from_bytes(known.as_bytes()).map_err(|_| illegal())
}

fn parse_header(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), BuildError> {
    let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| BuildError::HeaderName {
        name: name.to_owned(),
    })?;
    let illegal = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    let value = HeaderValue::from_bytes(value).map_err(|_| BuildError::HeaderValue {
        name: name.to_owned(),
        offset: value.iter().position(illegal).unwrap_or(0),
    })?;
    Ok((parsed, value))
}
