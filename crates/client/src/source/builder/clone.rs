//! The same builder again. In: a builder. Out: one that builds the same, apart from a body that can be
//! read only once.
//!
//! Next: back to `../builder.rs`.

use std::sync::Arc;

use super::EventSourceBuilder;
use crate::driver::config::Config;
use crate::source::builder::error::BuildError;

/// Builds the same source again, as for several streams of one server. A builder over a body that can be
/// read only once has clones that fail to build, with [`BuildError::BodyTaken`].
///
/// ```
/// use wellspring::EventSource;
///
/// let common = EventSource::builder("https://example.com/").header("authorization", "Bearer x");
/// let first = common.clone().last_event_id("7").build()?;
/// let second = common.build()?;
/// assert_eq!((first.last_event_id(), second.last_event_id()), ("7", ""));
/// # Ok::<(), wellspring::BuildError>(())
/// ```
impl Clone for EventSourceBuilder {
    fn clone(&self) -> Self {
        let config = match &self.config {
            Ok(config) => again(config),
            Err(error) => Err(error.clone()),
        };
        Self {
            config,
            changes: self.changes.clone(),
        }
    }
}

fn again(config: &Config) -> Result<Config, BuildError> {
    let given = match &config.given {
        Some(given) => Some(Box::new(given.try_clone().ok_or(BuildError::BodyTaken)?)),
        None => None,
    };
    // What says that another stream begins belongs to one body.
    let reset = config.reset.as_ref().map(|_| Arc::default());
    Ok(Config {
        url: config.url.clone(),
        with_credentials: config.with_credentials,
        origin: config.origin.clone(),
        allow_without_preflight: config.allow_without_preflight,
        max_expansion: config.max_expansion,
        #[cfg(feature = "cookies")]
        cookie_jar: config.cookie_jar.clone(),
        policy: Arc::clone(&config.policy),
        hooks: config.hooks.clone(),
        method: config.method.clone(),
        body: config.body.clone(),
        headers: config.headers.clone(),
        last_event_id: config.last_event_id.clone(),
        comments: config.comments,
        limits: config.limits,
        transport: config.transport.clone(),
        tcp_keep_alive: config.tcp_keep_alive,
        route: config.route.clone(),
        given,
        reset,
    })
}
