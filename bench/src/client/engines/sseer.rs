//! `sseer`: `reqwest::EventSource`, its client that reconnects.

use super::floor::client;
use super::{Engine, Role, block_on, next, short, text};
use crate::decode::corpus::Totals;
use ::sseer::reqwest::{EventSource, StreamEvent};
use std::hint::black_box;
use std::pin::pin;

pub(super) const ENGINE: Engine = Engine {
    name: "sseer",
    role: Role::Peer,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let source = EventSource::new(client()?.get(url));
            let mut source = pin!(source.map_err(|error| format!("{error:?}"))?);
            while totals.events < events {
                let Some(event) = next(&mut source).await else {
                    return short();
                };
                if let StreamEvent::Event(event) = black_box(event.map_err(text)?) {
                    totals.add(&event.event, &event.data, &event.id);
                }
            }
            Ok(Some(totals))
        })
    },
};
