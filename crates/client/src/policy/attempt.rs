//! One attempt, before it is made. In: the request as it stands, and what became of the attempt
//! before. Out: the request that is sent.
//!
//! Next: `../driver/request.rs`, which makes it.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::fetch::without_credentials;
use crate::outcome::cause::Cause;

/// An attempt that is about to be made: what led to it, and the request, which a
/// [hook](crate::EventSourceBuilder::before_attempt) may change.
///
/// Changes hold for this attempt: the next one starts from the source's own request again.
///
/// ```
/// use wellspring::Attempt;
///
/// /// The server resumes by a number in the query, not by `Last-Event-ID`.
/// fn resume(mut attempt: Attempt) -> Attempt {
///     let id = std::mem::take(&mut attempt.last_event_id);
///     if !id.is_empty() {
///         attempt.url.query_pairs_mut().append_pair("after", &id);
///     }
///     attempt
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// Which attempt this is since a connection was last open, from 1.
    pub number: u32,
    /// What became of the one before; `None` for the first of the source.
    pub cause: Option<Cause>,
    /// The status that the one before was answered with, if it was answered.
    pub previous_status: Option<StatusCode>,
    /// Sent as `Last-Event-ID` unless it is empty.
    pub last_event_id: String,
    /// Where the request goes.
    pub url: Url,
    /// The method.
    pub method: Method,
    /// The source's headers; ours come beside them. `Authorization`, `Cookie`, `Proxy-Authorization`
    /// and values marked sensitive go to the origin of the source's own URL only, whatever `url` is.
    pub headers: HeaderMap,
    /// The body, and the headers that describe it, are left out when the method is `GET` or `HEAD`.
    pub body: Bytes,
}

/// Without headers, body and userinfo, which may be secret.
impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("number", &self.number)
            .field("cause", &self.cause)
            .field("previous_status", &self.previous_status)
            .field("last_event_id", &self.last_event_id)
            .field("url", &without_credentials(&self.url))
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// The program's hook, boxed.
#[derive(Clone)]
pub(crate) struct BeforeAttempt(
    Arc<dyn Fn(Attempt) -> BoxFuture<'static, Result<Attempt, HookError>> + Send + Sync>,
);

/// What a hook failed with.
#[derive(Clone, Debug)]
pub(crate) struct HookError(pub(crate) Arc<dyn Error + Send + Sync>);

impl BeforeAttempt {
    pub(crate) fn new<F, E>(hook: impl Fn(Attempt) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Attempt, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self(Arc::new(move |attempt| {
            let changed = hook(attempt);
            Box::pin(async move {
                changed
                    .await
                    .map_err(|error| HookError(error.into().into()))
            })
        }))
    }

    pub(crate) fn ask(&self, attempt: Attempt) -> BoxFuture<'static, Result<Attempt, HookError>> {
        (self.0)(attempt)
    }
}
