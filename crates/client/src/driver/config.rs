//! The configuration of a source. In: what the builder was given. Out: a machine, and what every request
//! of the source has in common. It never changes.
//!
//! Next: `request.rs`, what redirects make of it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::header::ORIGIN;
use http::{HeaderMap, Method};
use url::{Origin, Url};
use wellspring_proto::{Decoder, Limits, Machine, Reconnection};

use crate::driver::given::{Given, Reset};
use crate::fetch::{CredentialsMode, Page, preflight_reason};
use crate::policy::Policy;
use crate::policy::decision::Hooks;
use crate::transport::{Route, TcpKeepAlive, Transport};

pub(crate) struct Config {
    pub(crate) url: Arc<Url>,
    /// Most sources share one.
    pub(crate) policy: Arc<Policy>,
    /// The default transport if `None`.
    pub(crate) transport: Option<Arc<dyn Transport>>,
    /// What is read in place of a response, until it is.
    pub(crate) given: Option<Box<Given>>,
    /// Where that body says that another stream begins in it.
    pub(crate) reset: Option<Arc<Reset>>,
    /// Likewise.
    options: Arc<Options>,
}

/// What most sources leave as it is. All of those share one, so that they pay nothing for it.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) with_credentials: bool,
    /// The origin of the page that asks, if one does.
    pub(crate) origin: Option<Origin>,
    pub(crate) allow_without_preflight: bool,
    pub(crate) max_expansion: Option<u32>,
    #[cfg(feature = "cookies")]
    pub(crate) cookie_jar: Option<crate::CookieJar>,
    pub(crate) hooks: Hooks,
    pub(crate) method: Method,
    pub(crate) body: Bytes,
    pub(crate) headers: HeaderMap,
    pub(crate) last_event_id: String,
    pub(crate) comments: bool,
    pub(crate) limits: Limits,
    pub(crate) tcp_keep_alive: Option<TcpKeepAlive>,
    pub(crate) route: Option<Route>,
}

impl Deref for Config {
    type Target = Options;

    fn deref(&self) -> &Options {
        &self.options
    }
}

/// What changes is a source's own from then on.
impl DerefMut for Config {
    fn deref_mut(&mut self) -> &mut Options {
        Arc::make_mut(&mut self.options)
    }
}

impl Config {
    pub(crate) fn new(url: Url) -> Self {
        static OPTIONS: LazyLock<Arc<Options>> = LazyLock::new(Arc::default);
        Self {
            url: Arc::new(url),
            policy: standard(),
            transport: None,
            given: None,
            reset: None,
            options: Arc::clone(&OPTIONS),
        }
    }

    /// The same with another body, if one is given.
    pub(crate) fn with_given(&self, given: Option<Box<Given>>) -> Self {
        Self {
            url: Arc::clone(&self.url),
            policy: Arc::clone(&self.policy),
            transport: self.transport.clone(),
            given,
            // What says that another stream begins belongs to one body.
            reset: self.reset.as_ref().map(|_| Arc::default()),
            options: Arc::clone(&self.options),
        }
    }

    pub(crate) fn machine(&self) -> Machine {
        let mut decoder = Decoder::with_limits(self.limits)
            .comments(self.comments)
            .on_limit(self.policy.on_limit);
        decoder.set_last_event_id(&self.last_event_id);
        Machine::new(decoder, self.reconnection())
    }

    /// One for all sources that have the same as most.
    fn reconnection(&self) -> Arc<Reconnection> {
        static STANDARD: LazyLock<Arc<Reconnection>> = LazyLock::new(Arc::default);
        match self.policy.reconnection == **STANDARD {
            true => Arc::clone(&STANDARD),
            false => Arc::new(self.policy.reconnection),
        }
    }

    /// The page that asks, if one does.
    pub(crate) fn page(&self) -> Option<Page> {
        let mut page = Page::new(self.origin.clone()?);
        if self.with_credentials {
            page.credentials_mode = CredentialsMode::Include;
        }
        page.allow_without_preflight = self.allow_without_preflight;
        Some(page)
    }

    /// What the first request would need a preflight for, if it is not allowed without one.
    pub(crate) fn needs_preflight(&self) -> Option<String> {
        let origin = self.origin.as_ref()?;
        if self.allow_without_preflight || *origin == self.url.origin() {
            return None;
        }
        let headers = self.headers.iter().filter(|(name, _)| **name != ORIGIN);
        preflight_reason(&self.method, headers)
    }

    /// Whether another stream begins here, in a body that was given.
    pub(crate) fn take_reset(&self) -> bool {
        self.reset.as_ref().is_some_and(|reset| reset.take())
    }
}

fn standard() -> Arc<Policy> {
    static STANDARD: LazyLock<Arc<Policy>> = LazyLock::new(|| Arc::new(Policy::standard()));
    Arc::clone(&STANDARD)
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("url", &crate::fetch::without_credentials(&self.url))
            .finish_non_exhaustive()
    }
}
