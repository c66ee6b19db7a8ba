//! Bodies of requests. In: a body as it comes. Out: all of it; or why not, when it is too large, too slow, or
//! there are too many at once.
//!
//! Next: `publish.rs`.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{StatusCode, Version};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use crate::refusal::Refusal;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may pause meanwhile.
const PAUSE: Duration = Duration::from_secs(10);
/// How long a body is read that is not wanted any more.
const LINGER: Duration = Duration::from_secs(1);

/// Room for bodies.
#[derive(Debug)]
pub(super) struct Bodies {
    /// A permit is a byte.
    room: Arc<Semaphore>,
    largest: usize,
}

/// A body that has arrived, and its room.
#[derive(Debug)]
pub(super) struct Received {
    bytes: Vec<u8>,
    room: Vec<OwnedSemaphorePermit>,
}

impl Received {
    pub(super) fn bytes(&self) -> &[u8] {
        debug_assert!(self.bytes.is_empty() || !self.room.is_empty());
        &self.bytes
    }
}

impl Bodies {
    pub(super) fn new(all: usize, largest: usize) -> Self {
        let all = all.min(Semaphore::MAX_PERMITS);
        Self {
            room: Arc::new(Semaphore::new(all)),
            largest,
        }
    }

    /// The whole body.
    pub(super) async fn receive<B>(&self, body: &mut B) -> Result<Received, Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        if body.size_hint().lower() > self.largest as u64 {
            return Err(self.too_large());
        }
        let deadline = Instant::now() + PATIENCE;
        let mut received = Received {
            bytes: Vec::new(),
            room: Vec::new(),
        };
        loop {
            let frame = pin!(body.frame());
            let Ok(Ok(frame)) = timeout_at(deadline, timeout(PAUSE, frame)).await else {
                return Err(too_slow());
            };
            let data = match frame {
                None => return Ok(received),
                Some(Err(_)) => return Err(Refusal::bad("The body broke off.")),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => data,
                    // Trailers say nothing here.
                    Err(_) => continue,
                },
            };
            if data.len() > self.largest - received.bytes.len() {
                return Err(self.too_large());
            }
            self.reserve(&mut received, data.len())?;
            received.bytes.extend_from_slice(&data);
        }
    }

    fn reserve(&self, received: &mut Received, bytes: usize) -> Result<(), Refusal> {
        let count = u32::try_from(bytes).ok();
        let permit =
            count.and_then(|count| Arc::clone(&self.room).try_acquire_many_owned(count).ok());
        let permit = permit.ok_or_else(|| {
            let says = "Too many bodies are being received at once.";
            Refusal::for_now(
                StatusCode::SERVICE_UNAVAILABLE,
                says,
                Duration::from_secs(2),
            )
        })?;
        match received.room.last_mut() {
            Some(room) => room.merge(permit),
            None => received.room.push(permit),
        }
        Ok(())
    }

    fn too_large(&self) -> Refusal {
        let largest = self.largest;
        Refusal::too_large(format!(
            "The body is larger than {largest} bytes, the most there may be."
        ))
    }
}

fn too_slow() -> Refusal {
    let says = format!(
        "The body took too long: {} s in all, {} s without a byte are the most.",
        PATIENCE.as_secs(),
        PAUSE.as_secs()
    );
    Refusal::new(StatusCode::REQUEST_TIMEOUT, says)
}

/// Reads on after an answer that did not wait for the end of the body. Over HTTP/2 a stream that is not read is
/// reset as soon as it is answered, and curl and Node lose the answer when both come at once.
pub(super) fn discard<B>(mut body: B, version: Version)
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
{
    if version != Version::HTTP_2 || body.is_end_stream() {
        return;
    }
    tokio::spawn(timeout(LINGER, async move {
        while let Some(Ok(_)) = body.frame().await {}
    }));
}
