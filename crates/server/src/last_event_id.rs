//! What a client saw last. In: a request's header or query. Out: [`LastEventId`], or why what is there
//! cannot be one.
//!
//! Next: `log.rs` looks it up.

mod query;

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, Request};

const HEADER: HeaderName = HeaderName::from_static("last-event-id");
const PARAMETER: &str = "lastEventId";

/// The last event ID that a client brings to resume from (HTML Standard 9.2.4): never empty, and
/// without LF, CR and NUL.
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
    /// Takes an id from elsewhere.
    ///
    /// # Errors
    /// [`InvalidLastEventId`] when the text is empty or has LF, CR or NUL.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidLastEventId> {
        let text = text.into();
        if text.is_empty() {
            return Err(InvalidLastEventId::Empty);
        }
        match text.bytes().position(|b| matches!(b, b'\n' | b'\r' | 0)) {
            Some(position) => Err(InvalidLastEventId::NotAnId { position }),
            None => Ok(Self(text.into_boxed_str())),
        }
    }

    /// The header, else the query parameter `lastEventId`: a client that began with the parameter
    /// knows better when it comes back with the header. Neither, or an empty one, is `None`.
    ///
    /// # Errors
    /// [`InvalidLastEventId`] when what counts cannot be an id.
    pub fn from_request<B>(request: &Request<B>) -> Result<Option<Self>, InvalidLastEventId> {
        if let Some(id) = Self::from_headers(request.headers())? {
            return Ok(Some(id));
        }
        Self::from_query(request.uri().query().unwrap_or_default(), PARAMETER)
    }

    /// The `Last-Event-ID` header, whose bytes are UTF-8; no header, or an empty one, is `None`.
    ///
    /// # Errors
    /// [`InvalidLastEventId`] when the header is not UTF-8 or comes twice.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, InvalidLastEventId> {
        let values = headers.get_all(HEADER).iter();
        Self::from_header_values(values.map(HeaderValue::as_bytes))
    }

    /// The same, of the values of all `Last-Event-ID` headers: for servers with header types of their
    /// own.
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
    /// [`InvalidLastEventId`] when the value is not UTF-8, has LF, CR or NUL, or there are several.
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

    /// The parameter `name` of a query (what follows the `?`), decoded as
    /// `application/x-www-form-urlencoded`; no parameter, or an empty one, is `None`.
    ///
    /// # Errors
    /// [`InvalidLastEventId`] when the parameter is not UTF-8, has LF, CR or NUL, or comes twice.
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

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_utf8(bytes: Vec<u8>) -> Result<Option<Self>, InvalidLastEventId> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8(bytes).map_err(|error| InvalidLastEventId::NotUtf8 {
            position: error.utf8_error().valid_up_to(),
        })?;
        Self::new(text).map(Some)
    }
}

/// Why a request's last event ID cannot be one. No client made by the standard sends such a thing.
///
/// ```
/// use wellspring_server::{InvalidLastEventId, LastEventId};
///
/// let error = LastEventId::from_query("lastEventId=%FF", "lastEventId").unwrap_err();
/// assert_eq!(error, InvalidLastEventId::NotUtf8 { position: 0 });
/// assert_eq!(error.to_string(), "the last event ID is not UTF-8 at byte 0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidLastEventId {
    /// It is empty, where an id was wanted.
    Empty,
    /// It is not UTF-8.
    NotUtf8 {
        /// The index of the first byte that is wrong.
        position: usize,
    },
    /// It has LF, CR or NUL, which no id can have.
    NotAnId {
        /// The index of the first such byte.
        position: usize,
    },
    /// There are several.
    Repeated,
}

impl fmt::Display for InvalidLastEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the last event ID is empty"),
            Self::NotUtf8 { position } => {
                write!(f, "the last event ID is not UTF-8 at byte {position}")
            }
            Self::NotAnId { position } => write!(
                f,
                "the last event ID has a line end or NUL at byte {position}, as no id can"
            ),
            Self::Repeated => f.write_str("the request has more than one last event ID"),
        }
    }
}

impl std::error::Error for InvalidLastEventId {}

#[cfg(test)]
mod tests;
