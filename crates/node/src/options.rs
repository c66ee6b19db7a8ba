//! What a source is to be like. In: the object that `lib/options.js` has checked. Out: the client's
//! builder, or what is wrong.
//!
//! Next: `policy.rs`, the half of it that has presets; `source.rs`.

use napi_derive::napi;
use wellspring::{BuildError, CookieJar, EventSource, Limits};

use crate::policy::PolicyOptions;

/// Wishes, each as the client has it.
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
    /// The bytes of a comment that are kept.
    pub comment_limit: Option<u32>,
}

impl SourceOptions {
    /// The source, that sends this body with each request, and a page's cookies out of this jar.
    pub(crate) fn build(
        self,
        body: Option<Vec<u8>>,
        jar: &CookieJar,
    ) -> Result<EventSource, BuildError> {
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
        builder.last_event_id(self.last_event_id).build()
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
        if let Some(comment) = self.comment_limit {
            limits = limits.with_comment(bytes(comment));
        }
        limits
    }
}

/// `Headers` of JavaScript holds a byte a character.
fn header_bytes(value: &str) -> Vec<u8> {
    value
        .chars()
        .map(|ch| u8::try_from(ch).unwrap_or(b'?'))
        .collect()
}
