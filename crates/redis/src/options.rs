//! How a history in Redis is named and set up. In: a URL. Out: [`RedisOptions`], or what is wrong with it.
//!
//! Next: `place.rs`, which finds the server; `engine.rs`, which is opened.

use std::fmt;
use std::time::Duration;

use url::form_urlencoded;

use crate::keys;
use crate::place::Place;

/// For how long an idempotency key is recognised unless another time is set.
const KEY_WINDOW: Duration = Duration::from_secs(600);

/// The most replicas that an append can wait for.
const MOST_REPLICAS: u8 = 16;

/// Configures a [`RedisEngine`](crate::RedisEngine).
///
/// ```
/// use std::time::Duration;
/// use wellspring_redis::RedisOptions;
///
/// let options = RedisOptions::parse("redis://hub:secret@redis.example/0?prefix=news")?
///     .key_window(Duration::from_secs(3_600));
/// assert!(RedisOptions::parse("redis://redis.example?color=red").is_err());
/// # Ok::<(), wellspring_redis::RedisUrlError>(())
/// ```
#[derive(Clone)]
pub struct RedisOptions {
    pub(crate) place: Place,
    pub(crate) prefix: String,
    pub(crate) key_window: Duration,
    pub(crate) replicas: u8,
}

impl RedisOptions {
    /// Reads a URL:
    ///
    /// - `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`, and `rediss://…` for TLS (feature `tls`) with the
    ///   certificates that the system trusts;
    /// - `redis+sentinel://[USER[:PASSWORD]@]HOST[:PORT][,HOST[:PORT]…]/SERVICE[/DATABASE]` to ask Sentinels for
    ///   the primary of a service, and `rediss+sentinel://…` for TLS to all of them. User and password are the
    ///   servers'; Sentinels are asked without.
    ///
    /// Two parameters may follow: `prefix`, what the names of the keys begin with, by default `wellspring`; and
    /// `replicas`, how many replicas must have a record before its append is answered, by default 0, at most 16.
    ///
    /// # Errors
    /// [`RedisUrlError`] says which part is wrong.
    pub fn parse(url: &str) -> Result<Self, RedisUrlError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut options = Self {
            place: Place::parse(base).map_err(RedisUrlError)?,
            prefix: keys::PREFIX.to_owned(),
            key_window: KEY_WINDOW,
            replicas: 0,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "prefix" if keys::is_valid(&value) => options.prefix = value.into_owned(),
                "prefix" => {
                    let says = "prefix is 1 to 128 visible ASCII characters without braces";
                    return Err(RedisUrlError(says.to_owned()));
                }
                "replicas" => {
                    let number = value.parse().ok();
                    let number = number.filter(|number| *number <= MOST_REPLICAS);
                    let says = "replicas is a number of at most 16";
                    options.replicas = number.ok_or_else(|| RedisUrlError(says.to_owned()))?;
                }
                name => {
                    return Err(RedisUrlError(format!(
                        "there is no parameter {name:?}: they are prefix and replicas"
                    )));
                }
            }
        }
        Ok(options)
    }

    /// Sets for how long an idempotency key is recognised, at the least; default 10 minutes. It may be
    /// recognised for twice as long.
    #[must_use]
    pub fn key_window(mut self, window: Duration) -> Self {
        self.key_window = window;
        self
    }
}

impl fmt::Debug for RedisOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisOptions")
            .field("place", &self.place.shown())
            .field("prefix", &self.prefix)
            .field("key_window", &self.key_window)
            .field("replicas", &self.replicas)
            .finish()
    }
}

/// Reports a URL that names no history in Redis. It does not repeat the URL, which may have a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisUrlError(String);

impl fmt::Display for RedisUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RedisUrlError {}

#[cfg(test)]
mod tests;
