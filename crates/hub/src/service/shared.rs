//! What all requests share. In: settings, a broker. Out: the same, with counters and room for bodies.
//!
//! Next: `publish.rs`, `subscribe.rs`.

use std::sync::Arc;

use wellspring_broker::{Broker, EngineError};

use crate::limits::Connections;
use crate::metrics::Counters;
use crate::presence::Presence;
use crate::rates::Rates;
use crate::settings::Settings;

use super::receive::Bodies;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) broker: Broker,
    pub(super) connections: Arc<Connections>,
    pub(super) counters: Arc<Counters>,
    pub(super) presence: Option<Arc<Presence>>,
    pub(super) rates: Rates,
    pub(super) bodies: Bodies,
}

impl Shared {
    pub(super) async fn begin(settings: Settings, broker: Broker) -> Result<Self, EngineError> {
        let limits = settings.limits;
        let presence = if settings.subscriptions {
            let hub_path = settings.url().path().to_owned();
            Some(Arc::new(Presence::begin(&broker, hub_path).await?))
        } else {
            None
        };
        Ok(Self {
            broker,
            connections: Arc::default(),
            counters: Arc::default(),
            presence,
            rates: Rates::default(),
            bodies: Bodies::new(limits.bodies, limits.body),
            settings,
        })
    }
}
