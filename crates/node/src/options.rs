//! What a source is to be like. In: the object that `lib/options.js` has checked. Out: the client's
//! builder, or what is wrong.
//!
//! Next: `policy.rs`, the half of it that has presets; `transport.rs`; `question.rs`; `source.rs`.

use std::sync::Arc;

use napi_derive::napi;
use wellspring::{CookieJar, EventSource, EventSourceBuilder, Limits};

use crate::headers::header_bytes;
use crate::policy::PolicyOptions;
use crate::question::Questions;
use crate::transport::ProxyOptions;

/// The settings of a source, each as the client has it.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct SourceOptions {
    /// An absolute URL.
    pub url: String,
    /// `withCredentials`.
    pub with_credentials: bool,
    /// The origin of the page to act for; a program has none.
    pub origin: Option<String>,
    /// Whether what needs a preflight is sent without one.
    pub allow_without_preflight: bool,
    /// Name and value in turn.
    pub headers: Vec<String>,
    /// `GET` by default.
    pub method: Option<String>,
    /// Where to resume.
    pub last_event_id: String,
    /// Whether comments are signalled.
    pub comments: bool,
    /// What the end of a connection means.
    pub policy: PolicyOptions,
    /// The bytes of a line.
    pub line_limit: Option<u32>,
    /// The bytes of an event.
    pub event_limit: Option<u32>,
    /// The bytes of an id.
    pub id_limit: Option<u32>,
    /// The bytes of a comment that are kept.
    pub comment_limit: Option<u32>,
    /// Which way requests leave.
    pub proxies: ProxyOptions,
    /// Whether JavaScript says what an end means.
    pub on_end: bool,
    /// Whether JavaScript knows a terminal event.
    pub terminal_event: bool,
    /// Whether JavaScript changes attempts.
    pub before_attempt: bool,
}

impl SourceOptions {
    /// The builder of a source that sends this body with each request, and a page's cookies out of this
    /// jar, and asks JavaScript here.
    pub(crate) fn builder(
        self,
        body: Option<Vec<u8>>,
        jar: &CookieJar,
        questions: &Arc<Questions>,
    ) -> EventSourceBuilder {
        let mut builder = EventSource::builder(&self.url)
            .with_credentials(self.with_credentials)
            .comments(self.comments)
            .limits(self.limits())
            .policy(self.policy.build());
        if let Some(origin) = &self.origin {
            builder = builder
                .origin(origin)
                .allow_without_preflight(self.allow_without_preflight)
                .cookie_jar(jar);
        }
        for pair in self.headers.chunks_exact(2) {
            builder = builder.header(&pair[0], header_bytes(&pair[1]));
        }
        if let Some(method) = &self.method {
            builder = builder.method(method);
        }
        if let Some(body) = body {
            builder = builder.body(body);
        }
        self.hooks(builder, questions)
            .last_event_id(self.last_event_id)
    }

    /// JavaScript looks for the terminal event where it is dispatched. So no end is the policy's alone to
    /// judge before JavaScript has come there.
    fn hooks(
        &self,
        mut builder: EventSourceBuilder,
        questions: &Arc<Questions>,
    ) -> EventSourceBuilder {
        if self.terminal_event {
            builder = builder.terminal_event(|_| false);
        }
        if self.terminal_event || self.on_end {
            let questions = Arc::clone(questions);
            builder = builder.on_end_async(move |end| questions.ask_end(end));
        }
        if self.before_attempt {
            let questions = Arc::clone(questions);
            builder = builder.before_attempt(move |attempt| questions.ask_attempt(attempt));
        }
        builder
    }

    fn limits(&self) -> Limits {
        let bytes = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
        let mut limits = Limits::default();
        if let Some(line) = self.line_limit {
            limits = limits.with_line(bytes(line));
        }
        if let Some(event) = self.event_limit {
            limits = limits.with_event(bytes(event));
        }
        if let Some(id) = self.id_limit {
            limits = limits.with_id(bytes(id));
        }
        if let Some(comment) = self.comment_limit {
            limits = limits.with_comment(bytes(comment));
        }
        limits
    }
}
