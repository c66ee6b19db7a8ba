//! `reqwest` and a stream adaptor around its body: `sse-core` (`SseStream`) and `sse-stream` (`SseByteStream`, which
//! its documentation prefers for streams of bytes). Neither reconnects by itself.

use super::floor::client;
use super::{Engine, Role, block_on, next, short, text};
use crate::decode::corpus::Totals;
use sse_core::SseEvent;
use std::hint::black_box;
use std::pin::pin;

pub(super) const SSE_CORE: Engine = Engine {
    name: "reqwest + sse-core",
    role: Role::Peer,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let response = client()?.get(url).send().await.map_err(text)?;
            let mut stream = pin!(sse_core::SseStream::new(response.bytes_stream()));
            while totals.events < events {
                let Some(event) = next(&mut stream).await else {
                    return short();
                };
                if let SseEvent::Message(event) = black_box(event.map_err(text)?) {
                    let id = event.last_event_id.as_deref().unwrap_or("");
                    totals.add(&event.event, &event.data, id);
                }
            }
            Ok(Some(totals))
        })
    },
};

pub(super) const SSE_STREAM: Engine = Engine {
    name: "reqwest + sse-stream",
    role: Role::Peer,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let response = client()?.get(url).send().await.map_err(text)?;
            let mut stream = pin!(sse_stream::SseByteStream::new(response.bytes_stream()));
            while totals.events < events {
                let Some(event) = next(&mut stream).await else {
                    return short();
                };
                let event = black_box(event.map_err(text)?);
                let kind = event.event.as_deref().unwrap_or("message");
                let data = event.data.as_deref().unwrap_or("");
                totals.add(kind, data, event.id.as_deref().unwrap_or(""));
            }
            Ok(Some(totals))
        })
    },
};
