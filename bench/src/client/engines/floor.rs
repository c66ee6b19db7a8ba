//! The floor: `reqwest` and a bare loop over our decoder. No ready state, no reconnection, no check of the head:
//! what is left when the client costs nothing.

use super::{Engine, Role, block_on, short, text};
use crate::decode::corpus::Totals;
use std::hint::black_box;
use std::ops::ControlFlow;
use wellspring_proto::{Decoder, Item};

pub(super) const ENGINE: Engine = Engine {
    name: "floor",
    role: Role::Floor,
    receive: |url, events| {
        block_on(async {
            let mut totals = Totals::default();
            let mut response = client()?.get(url).send().await.map_err(text)?;
            let mut decoder = Decoder::new();
            while totals.events < events {
                let Some(chunk) = response.chunk().await.map_err(text)? else {
                    return short();
                };
                let decoded = decoder.decode(&chunk, |item| {
                    if let Item::Event(event) = item {
                        let event = black_box(event);
                        totals.add(event.event_type, event.data, event.last_event_id);
                    }
                    ControlFlow::Continue(())
                });
                decoded.map_err(text)?;
            }
            Ok(Some(totals))
        })
    },
};

/// The same for all that stand on this version of `reqwest`.
pub(super) fn client() -> Result<reqwest::Client, String> {
    reqwest::Client::builder().no_proxy().build().map_err(text)
}
