//! The same builder again. In: a builder. Out: one that builds the same, apart from a body that can be
//! read only once.
//!
//! Next: back to `../builder.rs`.

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
    Ok(config.with_given(given))
}
