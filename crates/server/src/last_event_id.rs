//! Last event IDs. In: a request's header or query. Out: [`LastEventId`], or why what is there
//! cannot be one.
//!
//! Next: `log.rs` looks it up.

mod query;

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, Request};

const HEADER: HeaderName = HeaderName::from_static("last-event-id");
const PARAMETER: &str = "lastEventId";

/// Holds the last event ID that a client resumes from (HTML Standard 9.2.4): not empty, and without LF, CR
/// and NUL.
///
/// | source | method | who sends it |
/// |---|---|---|
/// | the header `Last-Event-ID` | [`from_headers`](Self::from_headers), [`from_header_values`](Self::from_header_values) | an event source that reconnects |
/// | a query parameter | [`from_query`](Self::from_query) | a page that opens a stream from where it was before a reload |
/// | the header, else `lastEventId` | [`from_request`](Self::from_request) | both |
/// | text | [`new`](Self::new) | programs and tests |
///
/// The id is the client's word: a client may ask for any event. What a subscriber may see is for
/// [`Subscription::filter`](crate::Subscription::filter) to decide, which replayed events pass too.
///
/// ```
/// use wellspring_server::LastEventId;
///
/// let request = http::Request::get("/events?lastEventId=k3-41")
///     .header("Last-Event-ID", "k3-42")
///     .body(())?;
/// let id = LastEventId::from_request(&request)?;
/// assert_eq!(id.as_ref().map(LastEventId::as_str), Some("k3-42"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LastEventId(Box<str>);

impl LastEventId {
    /// Creates an id from text.
    ///
    /// ```
    /// use wellspring_server::{InvalidLastEventId, LastEventId};
    ///
    /// assert_eq!(LastEventId::new("k3-42")?.as_str(), "k3-42");
    /// assert_eq!(LastEventId::new("two\nlines"), Err(InvalidLastEventId::NotAnId { offset: 3 }));
    /// # Ok::<(), wellspring_server::InvalidLastEventId>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidLastEventId`] if the text is empty or has LF, CR or NUL.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidLastEventId> {
        let text = text.into();
        if text.is_empty() {
            return Err(InvalidLastEventId::Empty);
        }
        match text.bytes().position(|b| matches!(b, b'\n' | b'\r' | 0)) {
            Some(offset) => Err(InvalidLastEventId::NotAnId { offset }),
            None => Ok(Self(text.into_boxed_str())),
        }
    }

    /// Reads the header `Last-Event-ID`, else the query parameter `lastEventId`. The header wins, because
    /// a client that began with the parameter reconnects with a newer id in the header. Returns `None` if
    /// both are missing or empty.
    ///
    /// ```
    /// use wellspring_server::LastEventId;
    ///
    /// let request = http::Request::get("/events?lastEventId=k3-7").header("last-event-id", "k3-42").body(())?;
    /// let id = LastEventId::from_request(&request)?;
    /// assert_eq!(id.as_ref().map(LastEventId::as_str), Some("k3-42"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidLastEventId`] if the value is not a valid id.
    pub fn from_request<B>(request: &Request<B>) -> Result<Option<Self>, InvalidLastEventId> {
        if let Some(id) = Self::from_headers(request.headers())? {
            return Ok(Some(id));
        }
        Self::from_query(request.uri().query().unwrap_or_default(), PARAMETER)
    }

    /// Reads the header `Last-Event-ID`, whose bytes are UTF-8. Returns `None` if it is missing or empty.
    ///
    /// # Errors
    /// [`InvalidLastEventId`] if the header is not UTF-8 or comes twice.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, InvalidLastEventId> {
        let values = headers.get_all(HEADER).iter();
        Self::from_header_values(values.map(HeaderValue::as_bytes))
    }

    /// Reads the values of all `Last-Event-ID` headers, for servers with their own header types. See
    /// [`from_headers`](Self::from_headers).
    ///
    /// ```
    /// use wellspring_server::LastEventId;
    ///
    /// let id = LastEventId::from_header_values([b"k3-42".as_slice()])?;
    /// assert_eq!(id, Some(LastEventId::new("k3-42")?));
    /// # Ok::<(), wellspring_server::InvalidLastEventId>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidLastEventId`] if the value is not UTF-8 or has LF, CR or NUL, or if there are several.
    pub fn from_header_values<'a>(
        values: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Self>, InvalidLastEventId> {
        let mut values = values.into_iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(InvalidLastEventId::Repeated);
        }
        Self::from_utf8(value.to_vec())
    }

    /// Reads the parameter `name` of a query (what follows the `?`), encoded as
    /// `application/x-www-form-urlencoded`. Returns `None` if it is missing or empty.
    ///
    /// ```
    /// use wellspring_server::LastEventId;
    ///
    /// let id = LastEventId::from_query("topic=a&lastEventId=order%207", "lastEventId")?;
    /// assert_eq!(id, Some(LastEventId::new("order 7")?));
    /// # Ok::<(), wellspring_server::InvalidLastEventId>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidLastEventId`] if the parameter is not UTF-8, has LF, CR or NUL, or comes twice.
    pub fn from_query(query: &str, name: &str) -> Result<Option<Self>, InvalidLastEventId> {
        let mut values = query::values(query, name);
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(InvalidLastEventId::Repeated);
        }
        Self::from_utf8(value)
    }

    /// Returns the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_utf8(bytes: Vec<u8>) -> Result<Option<Self>, InvalidLastEventId> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8(bytes).map_err(|error| InvalidLastEventId::NotUtf8 {
            offset: error.utf8_error().valid_up_to(),
        })?;
        Self::new(text).map(Some)
    }
}

/// Says why a last event ID is not valid. A client that follows the standard sends none of these.
///
/// ```
/// use wellspring_server::{InvalidLastEventId, LastEventId};
///
/// let error = LastEventId::from_query("lastEventId=%FF", "lastEventId").unwrap_err();
/// assert_eq!(error, InvalidLastEventId::NotUtf8 { offset: 0 });
/// assert_eq!(error.to_string(), "the last event ID is not UTF-8 at byte 0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidLastEventId {
    /// The text is empty.
    Empty,
    /// The value is not UTF-8.
    NotUtf8 {
        /// The offset of the first byte that is not UTF-8, from 0.
        offset: usize,
    },
    /// The value has LF, CR or NUL, which no id can have.
    NotAnId {
        /// The offset of the first such byte, from 0.
        offset: usize,
    },
    /// The request has several.
    Repeated,
}

impl fmt::Display for InvalidLastEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the last event ID is empty"),
            Self::NotUtf8 { offset } => {
                write!(f, "the last event ID is not UTF-8 at byte {offset}")
            }
            Self::NotAnId { offset } => write!(
                f,
                "the last event ID has a line end or NUL at byte {offset}"
            ),
            Self::Repeated => f.write_str("the request has more than one last event ID"),
        }
    }
}

impl std::error::Error for InvalidLastEventId {}

#[cfg(test)]
mod tests;
