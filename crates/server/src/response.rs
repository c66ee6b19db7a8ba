//! The response around a body. In: an event stream. Out: `http::Response` with the headers that keep
//! caches, transformations and buffers away from it.
//!
//! Next: `examples/hyper.rs` serves one.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::{EventStream, Refusal};

/// Names the response header `Wellspring-Resume`, which says what became of the client's last event ID.
///
/// Its values are those of [`Resume::as_str`](crate::Resume::as_str). A page of another origin can read it
/// only if `Access-Control-Expose-Headers` names it.
pub const RESUME_HEADER: HeaderName = HeaderName::from_static("wellspring-resume");

const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

impl EventStream {
    /// Makes a response of the stream: status 200, `Content-Type: text/event-stream`,
    /// `Cache-Control: no-cache, no-transform`, `X-Accel-Buffering: no`, and [`RESUME_HEADER`] if the
    /// client sent a last event ID.
    ///
    /// | header | for whom |
    /// |---|---|
    /// | `Content-Type` | clients: with any other type an event source fails |
    /// | `Cache-Control: no-cache` | caches: the stream is nothing to answer later requests with |
    /// | `Cache-Control: no-transform` | compressing proxies, which might buffer it; not all obey |
    /// | `X-Accel-Buffering: no` | nginx: pass the stream on as it comes |
    /// | `Wellspring-Resume` | clients that want to know whether they missed something |
    ///
    /// Add headers of your own, such as those of CORS, to the response.
    ///
    /// ```
    /// use wellspring_server::{Channel, LastEventId, RESUME_HEADER, Subscription};
    ///
    /// let subscription = Subscription::new().last_event_id(LastEventId::new("whatever")?);
    /// let response = Channel::new().subscribe(subscription).into_response();
    /// assert_eq!(response.headers()[RESUME_HEADER], "unknown");
    /// # Ok::<(), wellspring_server::InvalidLastEventId>(())
    /// ```
    #[must_use]
    pub fn into_response(self) -> Response<Self> {
        let resume = self.resume();
        let mut response = Response::new(self);
        let headers = response.headers_mut();
        // hyper keeps the map as long as the connection lives.
        *headers = HeaderMap::with_capacity(3 + usize::from(resume.is_some()));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static("no-cache, no-transform"),
        );
        headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
        if let Some(resume) = resume {
            headers.insert(RESUME_HEADER, HeaderValue::from_static(resume.as_str()));
        }
        response
    }

    /// Returns the response that stops an event source for good: status 204, no body. An event source
    /// fails on any status but 200 and does not reconnect (HTML Standard 9.2.2).
    ///
    /// ```
    /// use wellspring_server::EventStream;
    ///
    /// assert_eq!(EventStream::stop_response().status(), 204);
    /// ```
    #[must_use]
    pub fn stop_response() -> Response<Self> {
        Self::refusal_response(StatusCode::NO_CONTENT)
    }

    /// Returns a response with this status and no body, of the same type as
    /// [`into_response`](Self::into_response): 400 for an invalid request, 503 for too many subscribers.
    /// An event source fails for good on any status but 200; other clients may try again.
    ///
    /// ```
    /// use wellspring_server::EventStream;
    ///
    /// let response = EventStream::refusal_response(http::StatusCode::BAD_REQUEST);
    /// assert_eq!(response.status(), 400);
    /// ```
    #[must_use]
    pub fn refusal_response(status: StatusCode) -> Response<Self> {
        let mut response = Response::new(Self::ended());
        *response.status_mut() = status;
        response
    }
}

impl Refusal {
    /// Makes a response of the refusal: [`status`](Self::status), `Retry-After` and no body. It has the
    /// same type as that of [`EventStream::into_response`].
    #[must_use]
    pub fn into_response(self) -> Response<EventStream> {
        let mut response = EventStream::refusal_response(self.status());
        let seconds = HeaderValue::from(self.retry_after().as_secs());
        response.headers_mut().insert(RETRY_AFTER, seconds);
        response
    }
}
