//! The wishes for a source. In: the builder's. Out: a machine, and the fetch of each attempt.
//!
//! Next: `driver.rs`.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::header::ORIGIN;
use http::{HeaderMap, Method, StatusCode};
use url::{Origin, Url};
use wellspring_proto::{Decoder, Limits, Machine};

use crate::driver::connection::Fetching;
use crate::driver::given::{Given, Reset};
use crate::fetch::{
    CredentialsMode, MAX_EXPANSION, Page, Taint, preflight_reason, remove_body_headers,
};
use crate::outcome::cause::Cause;
use crate::outcome::opened::Opened;
use crate::policy::attempt::{Asked, Asker, Attempt};
use crate::policy::decision::Hooks;
use crate::policy::{Policy, ReconnectionUrl};
use crate::transport::{
    ConnectOptions, PlaceInQueue, TcpKeepAlive, Transport, Via, default_transport,
};

pub(crate) struct Options {
    pub(crate) url: Url,
    /// The last URL of the redirects, if there were any: that of the next attempt.
    moved_to: Option<Box<Url>>,
    pub(crate) with_credentials: bool,
    /// The origin of the page that asks, if one does.
    pub(crate) origin: Option<Origin>,
    pub(crate) allow_without_preflight: bool,
    pub(crate) max_expansion: u32,
    #[cfg(feature = "cookies")]
    pub(crate) cookie_jar: Option<crate::CookieJar>,
    /// What the redirects to the current URL have left.
    taint: Taint,
    /// Most sources share one.
    pub(crate) policy: Arc<Policy>,
    pub(crate) hooks: Hooks,
    pub(crate) method: Method,
    /// The attempt under way, once a hook has seen it.
    asked: Arc<Asked>,
    /// What is read in place of a response.
    pub(crate) given: Option<Box<Given>>,
    /// Where that body says that another stream begins in it.
    pub(crate) reset: Option<Arc<Reset>>,
    pub(crate) body: Bytes,
    pub(crate) headers: HeaderMap,
    pub(crate) last_event_id: String,
    pub(crate) comments: bool,
    pub(crate) limits: Limits,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    pub(crate) via: Option<Via>,
    pub(crate) tcp_keep_alive: Option<TcpKeepAlive>,
    pub(crate) place_in_queue: PlaceInQueue,
}

impl Options {
    pub(crate) fn new(url: Url) -> Self {
        Self {
            moved_to: None,
            url,
            with_credentials: false,
            origin: None,
            allow_without_preflight: false,
            max_expansion: MAX_EXPANSION,
            #[cfg(feature = "cookies")]
            cookie_jar: None,
            taint: Taint::default(),
            policy: standard(),
            hooks: Hooks::default(),
            method: Method::GET,
            asked: Arc::default(),
            given: None,
            reset: None,
            body: Bytes::new(),
            headers: HeaderMap::new(),
            last_event_id: String::new(),
            comments: false,
            limits: Limits::default(),
            transport: None,
            via: None,
            tcp_keep_alive: None,
            place_in_queue: PlaceInQueue::default(),
        }
    }

    /// The URL of the next attempt.
    pub(crate) fn current_url(&self) -> &Url {
        self.moved_to.as_deref().unwrap_or(&self.url)
    }

    pub(crate) fn policy_mut(&mut self) -> &mut Policy {
        Arc::make_mut(&mut self.policy)
    }

    pub(crate) fn machine(&self) -> Machine {
        let mut decoder = Decoder::with_limits(self.limits)
            .comments(self.comments)
            .on_limit(self.policy.on_limit);
        decoder.set_last_event_id(&self.last_event_id);
        Machine::new(decoder, self.policy.reconnection)
    }

    /// The fetch of the next attempt; `before` is what became of the one before.
    pub(crate) fn fetch(
        &mut self,
        number: u32,
        last_event_id: &str,
        before: Option<(Cause, Option<StatusCode>)>,
    ) -> Fetching {
        if let Some(given) = self.given.take() {
            let response = given.into_response(self.url.clone());
            return Fetching::new(Box::pin(std::future::ready(Ok(response))));
        }
        let (cause, previous_status) = before.unzip();
        let attempt = Attempt {
            number,
            cause,
            previous_status: previous_status.flatten(),
            last_event_id: last_event_id.to_owned(),
            url: self.current_url().clone(),
            method: self.method.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
        };
        self.asked = Arc::default();
        let asker = self.asker();
        let connect_options = self.connect_options();
        let transport = self.transport.get_or_insert_with(default_transport);
        let fetch = attempt.make(
            self.hooks.before_attempt.clone(),
            asker,
            Arc::clone(transport),
            connect_options,
            Arc::clone(&self.asked),
        );
        Fetching::new(Box::pin(fetch))
            .with_notices(Arc::clone(&self.asked), self.place_in_queue.clone())
    }

    fn connect_options(&self) -> ConnectOptions {
        ConnectOptions {
            connect_timeout: self.policy.connect_timeout,
            tcp_keep_alive: self.tcp_keep_alive,
            http1_connections: self.policy.http1_connections,
            via: self.via.clone(),
            place_in_queue: self.place_in_queue.clone(),
        }
    }

    fn asker(&self) -> Asker {
        Asker {
            home: self.url.clone(),
            page: self.page(),
            taint: self.taint,
            max_expansion: self.max_expansion,
            #[cfg(feature = "cookies")]
            cookie_jar: self.cookie_jar.clone(),
        }
    }

    fn page(&self) -> Option<Page> {
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

    /// The method that a repetition of the attempt under way would ask with.
    pub(crate) fn asked_method(&self) -> &Method {
        self.asked.method.get().unwrap_or(&self.method)
    }

    /// The request of the standard keeps its list of URLs, and what redirects made of its method and
    /// body: the next attempt is made of the last ones, unless the policy goes back to the first URL.
    pub(crate) fn follow(&mut self, opened: &Opened) {
        if self.policy.reconnection_url == ReconnectionUrl::Original && !opened.moved_permanently()
        {
            return;
        }
        if !opened.hops.is_empty() {
            self.moved_to = Some(Box::new(opened.url.clone()));
            self.taint = opened.taint;
        }
        if opened.became_get {
            self.method = opened.method.clone();
            self.asked = Arc::default();
            self.body = Bytes::new();
            remove_body_headers(&mut self.headers);
        }
    }
}

fn standard() -> Arc<Policy> {
    static STANDARD: LazyLock<Arc<Policy>> = LazyLock::new(|| Arc::new(Policy::standard()));
    Arc::clone(&STANDARD)
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("url", &crate::fetch::without_credentials(&self.url))
            .finish_non_exhaustive()
    }
}
