//! The wishes for a source. In: the builder's. Out: a machine, and the fetch of each attempt.
//!
//! Next: `driver.rs`.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{HeaderMap, Method};
use url::Url;
use wellspring_proto::{Decoder, Limits, Machine};

use crate::connection::Fetching;
use crate::ending::Hooks;
use crate::fetch::{FetchRequest, fetch, remove_body_headers};
use crate::policy::{Policy, ReconnectionUrl};
use crate::signal::Opened;
use crate::transport::{Body, HttpTransport, Transport};

pub(crate) struct Options {
    pub(crate) url: Url,
    /// The URL of the next attempt: the last one of the redirects before it.
    pub(crate) current_url: Url,
    pub(crate) with_credentials: bool,
    pub(crate) policy: Policy,
    pub(crate) hooks: Hooks,
    pub(crate) method: Method,
    pub(crate) body: Bytes,
    pub(crate) headers: HeaderMap,
    pub(crate) last_event_id: String,
    pub(crate) comments: bool,
    pub(crate) limits: Limits,
    pub(crate) transport: Option<Arc<dyn Transport>>,
}

impl Options {
    pub(crate) fn new(url: Url) -> Self {
        Self {
            current_url: url.clone(),
            url,
            with_credentials: false,
            policy: Policy::default(),
            hooks: Hooks::default(),
            method: Method::GET,
            body: Bytes::new(),
            headers: HeaderMap::new(),
            last_event_id: String::new(),
            comments: false,
            limits: Limits::default(),
            transport: None,
        }
    }

    pub(crate) fn machine(&self) -> Machine {
        let mut decoder = Decoder::with_limits(self.limits).comments(self.comments);
        decoder.set_last_event_id(&self.last_event_id);
        Machine::new(decoder, self.policy.reconnection)
    }

    /// The fetch of the next attempt.
    pub(crate) fn fetch(&mut self, last_event_id: &str) -> Fetching {
        let mut request = FetchRequest::new(self.current_url.clone());
        request.credentials_url = Some(self.url.clone());
        request.method = self.method.clone();
        request.body = Body::from(self.body.clone());
        request.headers = self.headers.clone();
        request.last_event_id = last_event_id.to_owned();
        let last_event_id = request.last_event_id_header();
        let transport = self.transport.get_or_insert_with(default_transport);
        let response = Box::pin(fetch(Arc::clone(transport), request));
        Fetching::new(response, last_event_id)
    }

    /// The request of the standard keeps its list of URLs, and what redirects made of its method and
    /// body: the next attempt is made of the last ones, unless the policy goes back to the first URL.
    pub(crate) fn follow(&mut self, opened: &Opened) {
        if self.policy.reconnection_url == ReconnectionUrl::Original && !opened.moved_permanently()
        {
            return;
        }
        self.current_url = opened.url.clone();
        if self.method != opened.method {
            self.method = opened.method.clone();
            self.body = Bytes::new();
            remove_body_headers(&mut self.headers);
        }
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
