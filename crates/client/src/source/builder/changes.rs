//! Parts of a policy that were set one by one. In: settings. Out: the policy with them, whichever was given
//! first.
//!
//! Next: back to `../builder.rs`.

use std::sync::Arc;
use std::time::Duration;

use wellspring_proto::{OnLimit, Reconnection};

use crate::driver::config::Config;
use crate::policy::{EndOfBody, IncompleteEvent, Policy, Repeat};

#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) reconnection: Option<Reconnection>,
    pub(super) repeat: Option<Repeat>,
    pub(super) incomplete_event: Option<IncompleteEvent>,
    pub(super) idle_timeout: Option<Option<Duration>>,
    pub(super) on_limit: Option<OnLimit>,
    pub(super) connect_timeout: Option<Option<Duration>>,
}

impl Changes {
    /// Most sources share a policy, so it is copied only where something changes.
    pub(super) fn apply(&self, config: &mut Config) {
        let policy = &mut config.policy;
        let mut changed = Policy::clone(policy);
        set(&mut changed.reconnection, self.reconnection);
        set(&mut changed.repeat, self.repeat);
        set(&mut changed.incomplete_event, self.incomplete_event);
        set(&mut changed.idle_timeout, self.idle_timeout);
        set(&mut changed.on_limit, self.on_limit);
        set(&mut changed.connect_timeout, self.connect_timeout);
        if config.given.is_some() {
            // There is nothing to reconnect to.
            changed.end_of_body = EndOfBody::End;
            changed.repeat = Repeat::Never;
        }
        if changed != **policy {
            *policy = Arc::new(changed);
        }
    }
}

fn set<T>(part: &mut T, change: Option<T>) {
    if let Some(change) = change {
        *part = change;
    }
}
