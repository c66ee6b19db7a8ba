//! The standard's face. In: turns of the driver, and the events that a read has brought. Out: calls of
//! handlers and listeners.
//!
//! Next: `../../dom/event.rs`, `../../dom/listeners.rs`.

use std::future::poll_fn;

use wellspring_proto::Item;

use super::EventSource;
use crate::dom::event::{DomEvent, ErrorEvent, MessageEvent};
use crate::dom::listeners::Burst;
use crate::driver::Turn;
use crate::outcome::error::Error;
use crate::source::handle::Handle;

impl EventSource {
    /// Calls the handlers and listeners until the source is closed or has failed. Nothing is called
    /// before, so what is added before misses nothing.
    pub async fn run(mut self) {
        loop {
            self.dispatch_ready().await;
            let Some(turn) = poll_fn(|cx| self.driver.poll_turn(cx)).await else {
                return;
            };
            self.dispatch(turn).await;
        }
    }

    /// Runs, as [`run`](Self::run), on a task of its own and returns the handle that closes it. Dropping the
    /// handle does not.
    ///
    /// # Errors
    /// There is no tokio runtime here; the source is closed.
    pub fn spawn(self) -> Result<Handle, Error> {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return Err(self.driver.no_runtime());
        };
        let handle = self.handle.clone();
        runtime.spawn(self.run());
        Ok(handle)
    }

    /// Calls the listeners for the events that are here already.
    async fn dispatch_ready(&mut self) {
        let listeners = self.handle.shared.listeners();
        let origin = self.driver.opened.as_ref().map_or("", |o| o.origin());
        let mut burst = Burst::new(listeners);
        while self.driver.has_event() {
            if let Some(event) = self.driver.items.take_event() {
                let message = DomEvent::Message(MessageEvent::of(event, origin));
                if !burst.call(message) {
                    listeners.deliver(message).await;
                }
            }
        }
    }

    /// Calls the listeners for what the turn means.
    async fn dispatch(&mut self, turn: Turn) {
        let listeners = self.handle.shared.listeners();
        match turn {
            Turn::Item if self.driver.items.has_event() => {}
            Turn::Item => {
                if let Some(Item::Comment(text)) = self.driver.items.take() {
                    listeners.deliver(DomEvent::Comment(text)).await;
                }
            }
            Turn::Open => {
                if let Some(opened) = self.opened() {
                    listeners.deliver(DomEvent::Open(opened)).await;
                }
            }
            Turn::Reconnecting(lost) => {
                listeners
                    .deliver(DomEvent::Error(ErrorEvent::Reconnecting(&lost)))
                    .await;
            }
            Turn::Notice(_) => {}
            Turn::Ended(ended) => {
                let ended = DomEvent::Error(ErrorEvent::Ended(ended));
                listeners.deliver(ended).await;
            }
            Turn::Failed(error) => {
                listeners
                    .deliver(DomEvent::Error(ErrorEvent::Failed(&error)))
                    .await;
            }
        }
    }
}
