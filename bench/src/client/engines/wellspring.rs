//! `wellspring`, at its faces:
//!
//! - `wellspring`: `EventSource::next`, which lends each event.
//! - `wellspring-handlers`: a listener for the event's type, and `run`.
//! - `wellspring-owned`: the `Stream`, whose events own their text, as those of the peers do.
//! - `wellspring-blocking`: the iterator for programs without a runtime, whose events own their text.
//! - `wellspring-blocking-lent`: its `next_lent`.

use super::{Engine, Role, block_on, next, short, text};
use crate::decode::corpus::Totals;
use ::wellspring::{DomEvent, EventSource};
use std::hint::black_box;
use std::pin::pin;
use std::sync::mpsc;

pub(super) const LENT: Engine = Engine {
    name: "wellspring",
    role: Role::Ours,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let mut source = EventSource::new(url).map_err(text)?;
            while totals.events < events {
                let Some(event) = source.next().await else {
                    return short();
                };
                let event = black_box(event.map_err(text)?);
                totals.add(event.event_type, event.data, event.last_event_id);
            }
            Ok(Some(totals))
        })
    },
};

pub(super) const HANDLERS: Engine = Engine {
    name: "wellspring-handlers",
    role: Role::Ours,
    receive: |url, events| {
        block_on(async {
            let source = EventSource::new(url).map_err(text)?;
            let (sender, receiver) = mpsc::channel();
            let handle = source.handle().clone();
            let mut totals = Totals::default();
            source.add_event_listener("content_block_delta", move |event| {
                if let DomEvent::Message(event) = event {
                    let event = black_box(event);
                    totals.add(event.event_type, event.data, event.last_event_id);
                    if totals.events == events {
                        let _ = sender.send(totals);
                        handle.close();
                    }
                }
            });
            source.run().await;
            receiver.try_recv().map(Some).map_err(text)
        })
    },
};

pub(super) const OWNED: Engine = Engine {
    name: "wellspring-owned",
    role: Role::Ours,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let mut source = pin!(EventSource::new(url).map_err(text)?);
            while totals.events < events {
                let Some(event) = next(&mut source).await else {
                    return short();
                };
                let event = black_box(event.map_err(text)?);
                totals.add(event.event_type(), event.data(), event.last_event_id());
            }
            Ok(Some(totals))
        })
    },
};

pub(super) const BLOCKING: Engine = Engine {
    name: "wellspring-blocking",
    role: Role::Ours,
    receive: |url, events| {
        let mut totals = Totals::default();
        let source = EventSource::new(url).map_err(text)?;
        let source = source.into_blocking().map_err(text)?;
        for event in source {
            let event = black_box(event.map_err(text)?);
            totals.add(event.event_type(), event.data(), event.last_event_id());
            if totals.events == events {
                return Ok(Some(totals));
            }
        }
        short()
    },
};

pub(super) const BLOCKING_LENT: Engine = Engine {
    name: "wellspring-blocking-lent",
    role: Role::Ours,
    receive: |url, events| {
        let mut totals = Totals::default();
        let source = EventSource::new(url).map_err(text)?;
        let mut source = source.into_blocking().map_err(text)?;
        while totals.events < events {
            let Some(event) = source.next_lent() else {
                return short();
            };
            let event = black_box(event.map_err(text)?);
            totals.add(event.event_type, event.data, event.last_event_id);
        }
        Ok(Some(totals))
    },
};
