//! What a program can be told besides messages. In: turns of the driver. Out: [`Signal`], lent.
//!
//! Next: `../outcome/error.rs`, the one that ends a source.

use std::time::Duration;

use wellspring_proto::{EventRef, LimitExceeded};

use crate::outcome::opened::Opened;
use crate::outcome::reconnecting::Reconnecting;

/// Whatever happens to an event source, in the order in which the standard would fire it.
///
/// The order is fixed, so that a program may keep state between signals:
///
/// | when | signals, in this order |
/// |---|---|
/// | an attempt is made | [`Queued`](Self::Queued) if it has to wait, [`LastEventIdNotSent`](Self::LastEventIdNotSent) if no header can carry the id |
/// | it opens | [`Open`](Self::Open), before anything of its body |
/// | the body is read | as the server wrote it: [`Message`](Self::Message), [`Comment`](Self::Comment), [`ReconnectionTime`](Self::ReconnectionTime), [`LastEventId`](Self::LastEventId), [`Skipped`](Self::Skipped) |
/// | the connection is lost | [`Reconnecting`](Self::Reconnecting), once everything that was read has been taken |
/// | an attempt fails | [`Reconnecting`](Self::Reconnecting) again, without an `Open` between |
/// | the source fails | the error, as the last item; then `None` |
/// | the source [ends](crate::Ended), or is closed | `None` |
///
/// A program that is slow slows the source down: the next byte is read once every signal has been taken. None is
/// dropped, and none is repeated by [dropping the future](crate::EventSource::next_signal) that waits for it.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use wellspring::{EventSource, Signal};
///
/// let mut source = EventSource::new("https://example.com/stream")?;
/// let mut signals = source.signals();
/// while let Some(signal) = signals.next().await {
///     match signal? {
///         Signal::Open(opened) => println!("open, {:?}", opened.version),
///         Signal::Message(event) => println!("{}: {}", event.event_type, event.data),
///         Signal::Reconnecting(lost) => println!("{}, again in {:?}", lost.cause, lost.delay),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Signal<'a> {
    /// The connection is open, for the first time or again.
    Open(&'a Opened),
    /// An event, whatever its type.
    Message(EventRef<'a>),
    /// A comment, if [comments](crate::EventSourceBuilder::comments) are asked for.
    Comment(&'a str),
    /// The server set the reconnection time to this; what counts is clamped.
    ReconnectionTime(Duration),
    /// The last event ID string became this without a message.
    LastEventId(&'a str),
    /// An event, or a `retry` field, exceeded this limit and was skipped, if the
    /// [policy](crate::Policy::on_limit) says so.
    Skipped(LimitExceeded),
    /// The connection is lost and will be reestablished.
    Reconnecting(&'a Reconnecting),
    /// The attempt waits for a connection: there are as many to the origin as the
    /// [policy](crate::Policy::http1_connections) allows. This place counts from 1, the next to get
    /// one; [`Handle::queue_position`](crate::Handle::queue_position) follows it.
    Queued(usize),
    /// The attempt goes without the last event ID string, which no header can carry, and why. The
    /// server may begin anywhere.
    LastEventIdNotSent(&'static str),
}
