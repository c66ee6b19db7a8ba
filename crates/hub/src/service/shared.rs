//! What all requests share. In: settings, a broker. Out: the same, with counters and room for bodies.
//!
//! Next: `publish.rs`, `subscribe.rs`.

use std::sync::Arc;

use wellspring_broker::Broker;

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
    pub(super) fn new(settings: Settings, broker: Broker) -> Self {
        let limits = settings.limits;
        let hub_path = settings.url().path().to_owned();
        let presence = settings
            .subscriptions
            .then(|| Arc::new(Presence::new(broker.clone(), hub_path)));
        Self {
            broker,
            connections: Arc::default(),
            counters: Arc::default(),
            presence,
            rates: Rates::default(),
            bodies: Bodies::new(limits.bodies, limits.body),
            settings,
        }
    }
}
