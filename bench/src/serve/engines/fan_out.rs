//! The usual fan-out of Rust programs: a bounded queue for each subscriber, and a list of them. Each event is encoded
//! once; what goes into the queues is a reference. No history, no ids, no keep-alive; who is slow loses events.
//!
//! `mpsc` rather than `broadcast`, because its receiver is polled without a box around it.

use bytes::Bytes;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::{Receiver, Sender, channel, error::TrySendError};

/// More than are ever in flight.
const WAITING: usize = 64;

#[derive(Clone, Debug, Default)]
pub(super) struct FanOut {
    queues: Arc<Mutex<Vec<Sender<Bytes>>>>,
}

impl FanOut {
    pub(super) fn subscribe(&self) -> Receiver<Bytes> {
        let (sender, receiver) = channel(WAITING);
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.push(sender);
        receiver
    }

    pub(super) fn publish(&self, data: &str) {
        let block = Bytes::from(format!("data: {data}\n\n"));
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|queue| {
            let sent = queue.try_send(block.clone());
            !matches!(sent, Err(TrySendError::Closed(_)))
        });
    }
}
