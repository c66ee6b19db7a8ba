//! Polls a body by hand.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

pub mod server;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use http_body::Body;
use wellspring_server::EventStream;

pub struct Reader {
    stream: EventStream,
    wakes: Arc<Wakes>,
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Reader {
    pub fn of(stream: EventStream) -> Self {
        Self {
            stream,
            wakes: Arc::default(),
        }
    }

    /// How often it was woken.
    pub fn wakes(&self) -> usize {
        self.wakes.0.load(Ordering::SeqCst)
    }

    pub fn poll(&mut self) -> Poll<Option<String>> {
        let waker = Waker::from(Arc::clone(&self.wakes));
        let mut cx = Context::from_waker(&waker);
        Pin::new(&mut self.stream).poll_frame(&mut cx).map(|frame| {
            let bytes = frame?.unwrap().into_data().unwrap();
            Some(String::from_utf8(bytes.to_vec()).unwrap())
        })
    }

    /// The next frame, which must be there, or `None` at the end.
    pub fn frame(&mut self) -> Option<String> {
        match self.poll() {
            Poll::Ready(frame) => frame,
            Poll::Pending => panic!("nothing to read"),
        }
    }

    pub fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }
}

/// Whether there is nothing to read.
pub fn waits(reader: &mut Reader) -> bool {
    reader.poll().is_pending()
}
