//! Bodies of requests, as they come. In: a body. Out: all of it; or why not, when it is too large, too slow,
//! or there are too many at once.
//!
//! Next: `publish.rs` reads what is in it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode, Version};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};
use wellspring_server::RequestBody;

use crate::web::reply;

use super::intake::PUBLISH_LIMIT;

/// The most bytes that all bodies together may hold, until they are published.
const BODIES_LIMIT: usize = 4 * PUBLISH_LIMIT;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may pause meanwhile.
const PAUSE: Duration = Duration::from_secs(10);
/// How long a body is read that is not wanted any more.
const LINGER: Duration = Duration::from_secs(1);
/// Seconds until there may be room for another body.
const RETRY: u32 = 2;

/// Room for bodies.
#[derive(Debug)]
pub(super) struct Bodies {
    /// A permit is a byte.
    room: Arc<Semaphore>,
}

/// A body that has arrived, and its room.
#[derive(Debug)]
pub(super) struct Received {
    /// As large, with what is set aside, as its room.
    bytes: Vec<u8>,
    room: OwnedSemaphorePermit,
}

impl Received {
    /// Borrows all of it: a closure that names the field alone would leave the room behind.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Bodies {
    pub(super) fn new() -> Self {
        Self {
            room: Arc::new(Semaphore::new(BODIES_LIMIT)),
        }
    }

    /// The whole body, or the answer to it.
    pub(super) async fn receive(
        &self,
        body: &mut RequestBody,
    ) -> Result<Received, Response<Full<Bytes>>> {
        if body.size_hint().lower() > PUBLISH_LIMIT as u64 {
            return Err(too_large());
        }
        let deadline = Instant::now() + PATIENCE;
        let mut received = Received {
            bytes: Vec::new(),
            room: self.reserve(0).ok_or_else(busy)?,
        };
        loop {
            let frame = timeout_at(deadline, timeout(PAUSE, body.frame())).await;
            let Ok(Ok(frame)) = frame else {
                return Err(too_slow());
            };
            let data = match frame {
                None => return Ok(received),
                Some(Err(_)) => return Err(broken_off()),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => data,
                    // Trailers say nothing here.
                    Err(_) => continue,
                },
            };
            if data.len() > PUBLISH_LIMIT - received.bytes.len() {
                return Err(too_large());
            }
            self.make_room(&mut received, data.len()).ok_or_else(busy)?;
            received.bytes.extend_from_slice(&data);
        }
    }

    /// Room for so many bytes more of a body, if there is. What is set aside for them is twice as much
    /// each time, as a vector does by itself, but not unseen.
    fn make_room(&self, received: &mut Received, more: usize) -> Option<()> {
        let Received { bytes, room } = received;
        let (needed, reserved) = (bytes.len() + more, room.num_permits());
        if needed > reserved {
            let wanted = needed.max(2 * reserved).min(PUBLISH_LIMIT);
            room.merge(self.reserve(wanted - reserved)?);
            bytes.reserve_exact(wanted - bytes.len());
        }
        Some(())
    }

    /// Room for so many bytes, if there is.
    fn reserve(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let bytes = u32::try_from(bytes).ok()?;
        Arc::clone(&self.room).try_acquire_many_owned(bytes).ok()
    }
}

/// Reads on after an answer that did not wait for the end of the body. Over HTTP/2 a stream that is not read
/// is reset as soon as it is answered, and curl and Node lose the answer when both come at once. HTTP/1.1
/// closes the connection instead.
pub(super) fn discard(mut body: RequestBody, version: Version) {
    if version != Version::HTTP_2 || body.is_end_stream() {
        return;
    }
    tokio::spawn(timeout(LINGER, async move {
        while let Some(Ok(_)) = body.frame().await {}
    }));
}

/// An answer before the end of the body: the rest of it is not worth reading.
fn refusal(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = reply::text(status, text);
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

fn too_large() -> Response<Full<Bytes>> {
    let text = format!("The body is longer than {PUBLISH_LIMIT} bytes, the most there may be.\n");
    refusal(StatusCode::PAYLOAD_TOO_LARGE, text)
}

fn too_slow() -> Response<Full<Bytes>> {
    let text = format!(
        "The body took too long: {} s in all, {} s without a byte are the most.\n",
        PATIENCE.as_secs(),
        PAUSE.as_secs()
    );
    refusal(StatusCode::REQUEST_TIMEOUT, text)
}

fn broken_off() -> Response<Full<Bytes>> {
    refusal(StatusCode::BAD_REQUEST, "The body broke off.\n")
}

fn busy() -> Response<Full<Bytes>> {
    let text = "Too many bodies are being received at once. Try again later.\n";
    let mut response = refusal(StatusCode::SERVICE_UNAVAILABLE, text);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(RETRY));
    response
}

#[cfg(test)]
mod tests;
