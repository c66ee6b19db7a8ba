//! What a request is answered with. In: calls, one for each part. Out: an [`Answer`].
//!
//! Next: `body.rs`.

use super::{Over, ScriptedBody};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

/// A status, headers, and a body in parts. The body ends after its last part.
///
/// ```
/// use wellspring_testkit::service::Answer;
///
/// let answer = Answer::event_stream("id: 1\ndata: a\n\n").send("data: half an ev").break_off();
/// # let _ = answer;
/// ```
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    parts: Vec<Part>,
    has_head: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Send(Bytes),
    /// So many times, each when it is asked for.
    Repeat(Bytes, u64),
    Break,
    Hang,
}

impl Answer {
    /// 200, `text/event-stream` and this body.
    #[must_use]
    pub fn event_stream(body: impl AsRef<[u8]>) -> Self {
        Self::status(200)
            .header(CONTENT_TYPE.as_str(), "text/event-stream")
            .send(body)
    }

    /// This status, without headers and without a body.
    ///
    /// # Panics
    /// When there is no such status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status);
        Self {
            status: status.expect("the test names a status from 100 to 999"),
            headers: HeaderMap::new(),
            parts: Vec::new(),
            has_head: true,
        }
    }

    /// A request that is heard and never answered.
    #[must_use]
    pub fn never() -> Self {
        let mut answer = Self::status(200);
        answer.has_head = false;
        answer
    }

    /// A redirect with this status.
    #[must_use]
    pub fn redirect(status: u16, location: impl AsRef<str>) -> Self {
        Self::status(status).header("location", location.as_ref())
    }

    /// One more header.
    ///
    /// # Panics
    /// When no header can be so.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("the test names a header");
        let value = HeaderValue::from_str(value).expect("the test gives a header's value");
        self.headers.append(name, value);
        self
    }

    /// Sends bytes, as one frame.
    #[must_use]
    pub fn send(self, bytes: impl AsRef<[u8]>) -> Self {
        self.part(Part::Send(Bytes::copy_from_slice(bytes.as_ref())))
    }

    /// Sends the same bytes so many times, a frame each, none before it is asked for.
    #[must_use]
    pub fn repeat(self, bytes: impl AsRef<[u8]>, count: u64) -> Self {
        self.part(Part::Repeat(Bytes::copy_from_slice(bytes.as_ref()), count))
    }

    /// Breaks off with an error.
    #[must_use]
    pub fn break_off(self) -> Self {
        self.part(Part::Break)
    }

    /// Sends nothing more, and does not end.
    #[must_use]
    pub fn hang(self) -> Self {
        self.part(Part::Hang)
    }

    fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    pub(super) fn has_head(&self) -> bool {
        self.has_head
    }

    pub(super) fn into_response(self, over: Over) -> Response<ScriptedBody> {
        let mut response = Response::new(ScriptedBody::new(self.parts, over));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
