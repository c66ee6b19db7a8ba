//! The request of a source. In: the configuration, and the redirects so far. Out: the fetch of each
//! attempt.
//!
//! Next: `request/context.rs`, which sends it; `connection.rs`, which waits for it.

mod context;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use self::context::RequestContext;
use crate::driver::config::Config;
use crate::driver::connection::{Fetching, SentRequest};
use crate::driver::given::Given;
use crate::fetch::{Taint, remove_body_headers};
use crate::outcome::cause::Cause;
use crate::outcome::opening::Opening;
use crate::policy::ReconnectionUrl;
use crate::policy::attempt::Attempt;
use crate::transport::{ConnectOptions, QueuePosition, default_transport};

pub(crate) struct Request {
    config: Arc<Config>,
    /// What is read in place of a response.
    given: Option<Box<Given>>,
    /// The last URL of the redirects, if there were any: that of the next attempt.
    moved_to: Option<Arc<Url>>,
    /// What the redirects to that URL have left.
    taint: Taint,
    /// Redirects made it a `GET` without a body.
    became_get: bool,
    /// The attempt under way, once a hook has seen it; while a connection is open, if its method is another.
    sent: Option<Arc<SentRequest>>,
    queue_position: QueuePosition,
}

impl Request {
    pub(crate) fn new(
        config: Arc<Config>,
        given: Option<Box<Given>>,
        queue_position: QueuePosition,
    ) -> Self {
        Self {
            config,
            given,
            moved_to: None,
            taint: Taint::default(),
            became_get: false,
            sent: None,
            queue_position,
        }
    }

    /// The URL of the next attempt.
    pub(crate) fn url(&self) -> &Url {
        self.moved_to.as_deref().unwrap_or(&self.config.url)
    }

    /// The method that a repetition of the attempt under way would ask with.
    pub(crate) fn method(&self) -> &Method {
        let sent = self.sent.as_ref();
        let method = sent.and_then(|sent| sent.method.get());
        method.unwrap_or_else(|| self.own_method())
    }

    /// The fetch of the next attempt; `before` is what became of the one before.
    pub(crate) fn fetch(
        &mut self,
        number: u32,
        last_event_id: &str,
        before: Option<(Cause, Option<StatusCode>)>,
    ) -> Fetching {
        if let Some(given) = self.given.take() {
            let response = given.into_response(Url::clone(&self.config.url));
            return Fetching::new(Box::pin(std::future::ready(Ok(response))));
        }
        let attempt = self.attempt(number, last_event_id, before);
        let sent = Arc::<SentRequest>::default();
        self.sent = Some(Arc::clone(&sent));
        let transport = self.config.transport.clone();
        let fetch = self.context().send(
            attempt,
            transport.unwrap_or_else(default_transport),
            Arc::clone(&sent),
        );
        Fetching::new(Box::pin(fetch)).with_notices(sent, self.queue_position.clone())
    }

    fn attempt(
        &self,
        number: u32,
        last_event_id: &str,
        before: Option<(Cause, Option<StatusCode>)>,
    ) -> Attempt {
        let (cause, previous_status) = before.unzip();
        Attempt {
            number,
            cause,
            previous_status: previous_status.flatten(),
            last_event_id: last_event_id.to_owned(),
            url: self.url().clone(),
            method: self.own_method().clone(),
            headers: self.headers(),
            body: self.body(),
        }
    }

    fn own_method(&self) -> &Method {
        if self.became_get {
            &Method::GET
        } else {
            &self.config.method
        }
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = self.config.headers.clone();
        if self.became_get {
            remove_body_headers(&mut headers);
        }
        headers
    }

    fn body(&self) -> Bytes {
        if self.became_get {
            Bytes::new()
        } else {
            self.config.body.clone()
        }
    }

    fn context(&self) -> RequestContext {
        let config = &self.config;
        RequestContext {
            hook: config.hooks.before_attempt.clone(),
            home: Url::clone(&config.url),
            page: config.page(),
            taint: self.taint,
            max_expansion: config.max_expansion,
            #[cfg(feature = "cookies")]
            cookie_jar: config.cookie_jar.clone(),
            connect_options: ConnectOptions {
                connect_timeout: config.policy.connect_timeout,
                http1_connections: config.policy.http1_connections,
                tcp_keep_alive: config.tcp_keep_alive,
                route: config.route.clone(),
                queue_position: self.queue_position.clone(),
            },
        }
    }

    /// The request of the standard keeps its list of URLs, and what redirects made of its method and
    /// body: the next attempt is made of the last ones, unless the policy goes back to the first URL.
    pub(crate) fn follow(&mut self, opened: &Opening) {
        // A repetition asks with the source's own method again, unless a hook has it otherwise.
        if self.method() == self.own_method() {
            self.sent = None;
        }
        let original = self.config.policy.reconnection_url == ReconnectionUrl::Original;
        if original && !opened.moved_permanently() {
            return;
        }
        let (moved, taint, became_get) = opened.moved();
        if moved {
            self.moved_to = Some(Arc::clone(opened.url()));
            self.taint = taint;
        }
        if became_get {
            self.became_get = true;
            self.sent = None;
        }
    }
}
