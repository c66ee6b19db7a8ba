//! `reqwest-eventsource` 0.6.0, the newest, over the version of `reqwest` it was built for.

use super::{Engine, Role, block_on, next, short, text};
use crate::decode::corpus::Totals;
use ::reqwest_eventsource::{Event, EventSource};
use std::hint::black_box;
use std::pin::pin;

pub(super) const ENGINE: Engine = Engine {
    name: "reqwest-eventsource",
    role: Role::Peer,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let client = reqwest_0_12::Client::builder().no_proxy().build();
            let source = EventSource::new(client.map_err(text)?.get(url));
            let mut source = pin!(source.map_err(text)?);
            while totals.events < events {
                let Some(event) = next(&mut source).await else {
                    return short();
                };
                if let Event::Message(event) = black_box(event.map_err(text)?) {
                    totals.add(&event.event, &event.data, &event.id);
                }
            }
            Ok(Some(totals))
        })
    },
};
