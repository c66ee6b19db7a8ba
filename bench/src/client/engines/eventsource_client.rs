//! `eventsource-client` 0.18.0, over the transport its documentation shows, plain HTTP, without time-outs.

use super::{Engine, Role, block_on, next, short, text};
use crate::decode::corpus::Totals;
use ::eventsource_client::{Client, ClientBuilder, SSE};
use launchdarkly_sdk_transport::HyperTransport;
use std::hint::black_box;

pub(super) const ENGINE: Engine = Engine {
    name: "eventsource-client",
    role: Role::Peer,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let transport = HyperTransport::builder().disable_proxy();
            let transport = transport.build_http().map_err(text)?;
            let builder = ClientBuilder::for_url(url).map_err(text)?;
            let client = builder.build_with_transport(transport);
            let mut stream = client.stream();
            let mut stream = stream.as_mut();
            while totals.events < events {
                let Some(event) = next(&mut stream).await else {
                    return short();
                };
                if let SSE::Event(event) = black_box(event.map_err(text)?) {
                    let id = event.id.as_deref().unwrap_or("");
                    totals.add(&event.event_type, &event.data, id);
                }
            }
            Ok(Some(totals))
        })
    },
};
