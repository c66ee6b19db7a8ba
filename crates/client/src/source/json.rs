//! Events whose data is JSON. In: the events of a source. Out: values of the program's types, and the raw event whenever
//! its data is something else.
//!
//! Next: the examples about language models.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;
use wellspring_proto::{Event, EventRef};

use crate::outcome::error::Error;
use crate::source::event_source::EventSource;
use crate::transport::shortened;

/// How much of data that is not JSON is shown in an error, in bytes.
const SHOWN: usize = 80;

impl EventSource {
    /// Reads the data of each event as JSON. Data that is something else is an error that keeps the event, and the next
    /// event comes after it. The feature `json` of this crate.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// use wellspring::EventSource;
    ///
    /// let mut source = EventSource::from_body("data: [1,2]\n\ndata: [DONE]\n\n");
    /// let mut numbers = source.json::<Vec<u8>>().except(|event| event.data == "[DONE]");
    /// assert_eq!(numbers.next().await.unwrap()?.value, [1, 2]);
    /// assert!(numbers.next().await.is_none());
    /// # Ok::<(), wellspring::JsonError>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn json<T: DeserializeOwned>(&mut self) -> JsonMessages<'_, T> {
        JsonMessages {
            source: self,
            except: None,
            value: PhantomData,
        }
    }
}

/// An event, and the value that its data is.
///
/// ```
/// fn report(message: &wellspring::JsonMessage<Vec<u8>>) -> String {
///     format!("{}: {} numbers", message.event.event_type(), message.value.len())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonMessage<T> {
    /// The data.
    pub value: T,
    /// The event as it came.
    pub event: Event,
}

/// The events of a source whose data is JSON; made by [`EventSource::json`].
///
/// ```no_run
/// # async fn example(mut source: wellspring::EventSource) -> Result<(), wellspring::JsonError> {
/// let mut messages = source.json::<Vec<String>>();
/// while let Some(message) = messages.next().await {
///     println!("{:?}", message?.value);
/// }
/// # Ok(())
/// # }
/// ```
pub struct JsonMessages<'a, T> {
    source: &'a mut EventSource,
    except: Option<Except>,
    value: PhantomData<fn() -> T>,
}

struct Except(Box<dyn Fn(EventRef<'_>) -> bool + Send>);

impl<T: DeserializeOwned> JsonMessages<'_, T> {
    /// Leaves out events whose data is not meant to be JSON, such as `[DONE]`, and the empty data that some servers send
    /// with an id alone.
    #[must_use]
    pub fn except(mut self, is_left_out: impl Fn(EventRef<'_>) -> bool + Send + 'static) -> Self {
        self.except = Some(Except(Box::new(is_left_out)));
        self
    }

    /// Returns the next event that is not left out; `None` when the source is closed. May be dropped and called again without
    /// losing an event.
    ///
    /// # Errors
    /// [`JsonError::Data`] for an event whose data is not such JSON; the next call gives the next event. Otherwise the
    /// source has failed for good; `None` follows.
    pub async fn next(&mut self) -> Option<Result<JsonMessage<T>, JsonError>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<T: DeserializeOwned> Stream for JsonMessages<'_, T> {
    type Item = Result<JsonMessage<T>, JsonError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let event = match ready!(Pin::new(&mut *self.source).poll_next(cx)) {
                Some(Ok(event)) => event,
                Some(Err(error)) => return Poll::Ready(Some(Err(JsonError::Source(error)))),
                None => return Poll::Ready(None),
            };
            let except = self.except.as_ref();
            if !except.is_some_and(|Except(is_left_out)| is_left_out(event.as_event_ref())) {
                return Poll::Ready(Some(parse(event)));
            }
        }
    }
}

impl<T> fmt::Debug for JsonMessages<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonMessages").field(&self.source).finish()
    }
}

fn parse<T: DeserializeOwned>(event: Event) -> Result<JsonMessage<T>, JsonError> {
    match serde_json::from_str(event.data()) {
        Ok(value) => Ok(JsonMessage { value, event }),
        Err(reason) => Err(JsonError::Data(Box::new(InvalidJson { event, reason }))),
    }
}

/// There is no next value.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use wellspring::{EventSource, JsonError};
///
/// let mut source = EventSource::from_body("event: ping\ndata: hello\n\n");
/// match source.json::<u8>().next().await {
///     Some(Err(JsonError::Data(invalid))) => assert_eq!(invalid.event().event_type(), "ping"),
///     other => panic!("{other:?}"),
/// }
/// # });
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum JsonError {
    /// The source has failed for good.
    Source(Error),
    /// The data of an event is not JSON, or not of the type that was asked for. The source goes on.
    Data(Box<InvalidJson>),
}

/// An event whose data is not the JSON that was asked for.
///
/// ```
/// fn keep(invalid: wellspring::InvalidJson) -> wellspring::Event {
///     invalid.into_event()
/// }
/// ```
#[derive(Debug)]
pub struct InvalidJson {
    event: Event,
    reason: serde_json::Error,
}

impl InvalidJson {
    /// Returns the event as it came.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Returns the same, to keep.
    #[must_use]
    pub fn into_event(self) -> Event {
        self.event
    }
}

impl fmt::Display for InvalidJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = self.event.data();
        let mut cuts = (0..=SHOWN.min(data.len())).rev();
        let cut = cuts.find(|&index| data.is_char_boundary(index));
        let shown = &data[..cut.unwrap_or(0)];
        let more = if shown.len() < data.len() { "…" } else { "" };
        let event_type = shortened(self.event.event_type());
        write!(
            f,
            "the data of an event of type '{event_type}' is not the JSON that was asked for, but {shown:?}{more}"
        )?;
        if f.alternate() {
            write!(f, ": {}", self.reason)?;
        }
        Ok(())
    }
}

impl StdError for InvalidJson {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.reason)
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Data(invalid) => invalid.fmt(f),
        }
    }
}

impl StdError for JsonError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Source(error) => error.source(),
            Self::Data(invalid) => invalid.source(),
        }
    }
}
