//! A connection that was let in. In: where the server is. Out: a connection to a server that a history is
//! safe on, and what it knew of the history at that moment.
//!
//! Next: `scripts/admit.lua`; `link.rs`, which keeps one.

use redis::aio::MultiplexedConnection;
use redis::{Client, RedisError};
use std::sync::{Mutex, PoisonError};
use tokio::time::timeout;
use wellspring_broker::{Bounds, EngineError, EngineErrorKind, Epoch, Lineage, Retention};

use crate::error::{self, configuration, of_redis, unavailable};
use crate::info::{Info, SECTIONS};
use crate::options::RedisOptions;
use crate::place::{CONNECTING, config};
use crate::reply;
use crate::scripts::Scripts;

/// What all connections of an engine share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: RedisOptions,
    pub(crate) scripts: Scripts,
    retention: Mutex<Retention>,
    lineage: Mutex<Option<Lineage>>,
}

impl Shared {
    pub(crate) fn new(options: RedisOptions) -> Self {
        let keys = crate::keys::Keys::new(&options.prefix);
        Self {
            options,
            scripts: Scripts::new(keys),
            retention: Mutex::new(Retention::default()),
            lineage: Mutex::new(None),
        }
    }

    /// What is kept where a history is begun anew.
    pub(crate) fn set_retention(&self, retention: Retention) {
        *self
            .retention
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = retention;
    }

    /// The lineage that whoever follows was last given; a new follower begins with it.
    pub(crate) fn lineage(&self) -> Option<Lineage> {
        let lineage = self.lineage.lock();
        lineage.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_lineage(&self, lineage: Lineage) {
        *self.lineage.lock().unwrap_or_else(PoisonError::into_inner) = Some(lineage);
    }

    pub(crate) fn retention(&self) -> [String; 3] {
        let retention = self.retention.lock();
        words(*retention.unwrap_or_else(PoisonError::into_inner))
    }
}

/// As the scripts take it: records, bytes, milliseconds or 0.
pub(crate) fn words(retention: Retention) -> [String; 3] {
    let Retention {
        events, bytes, age, ..
    } = retention;
    let age = age.map_or(0, |age| age.as_millis().max(1));
    [events.to_string(), bytes.to_string(), age.to_string()]
}

/// A connection, and what it found.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) redis: MultiplexedConnection,
    /// For people.
    pub(crate) server: String,
    /// What the server was known by when the connection was let in.
    pub(crate) incarnation: String,
    /// Where the history began and ended at that moment.
    pub(crate) bounds: Bounds,
}

impl Connection {
    pub(crate) async fn open(shared: &Shared) -> Result<Self, EngineError> {
        let opened = timeout(CONNECTING, Self::open_unhurried(shared)).await;
        opened.unwrap_or_else(|_| {
            let place = shared.options.place.shown();
            Err(unavailable(format!("{place} does not answer")))
        })
    }

    async fn open_unhurried(shared: &Shared) -> Result<Self, EngineError> {
        let place = shared.options.place.primary().await?;
        let server = format!("Redis at {}", place.addr());
        let failed = |error: RedisError| of_redis(&error, &server);
        let client = Client::open(place).map_err(failed)?;
        let config = config();
        let connecting = client.get_multiplexed_async_connection_with_config(&config);
        let mut redis = connecting.await.map_err(failed)?;
        let info = ask(&mut redis, &SECTIONS).await.map_err(failed)?;
        info.refuse(&server)?;
        let incarnation = info.incarnation();
        let [events, bytes, age] = shared.retention();
        let scripts = &shared.scripts;
        let admitted = scripts.run(&scripts.admit, &mut redis, |script| {
            let epoch = Epoch::random().number().to_string();
            script.arg(&incarnation).arg(epoch);
            script.arg(events).arg(bytes).arg(age);
        });
        let (word, mut values) = reply::parts(admitted.await.map_err(failed)?)?;
        let bounds = match word.as_str() {
            "bounds" => reply::bounds(values)?,
            "kind" => {
                let (key, kind) = (reply::text(values.next())?, reply::text(values.next())?);
                return Err(configuration(format!(
                    "{server}: the key {key} is a {kind} of something else: choose another prefix, as in \
                     ?prefix=NAME"
                )));
            }
            "version" => {
                let version = reply::text(values.next())?;
                return Err(EngineError::new(
                    EngineErrorKind::NewerVersion,
                    format!(
                        "{server}: the history was written by a newer version (format {version}, known here is 1): \
                         use that version, or another prefix"
                    ),
                ));
            }
            word => return Err(error::of_word(word)),
        };
        Ok(Self {
            redis,
            server,
            incarnation,
            bounds,
        })
    }

    /// Says what a restart of the server would lose.
    pub(crate) async fn warning(&self) -> Option<String> {
        let mut redis = self.redis.clone();
        let info = ask(&mut redis, &SECTIONS).await.ok()?;
        let mut command = redis::cmd("CONFIG");
        command.arg("GET").arg("save");
        let save: Result<Vec<String>, _> = command.query_async(&mut redis).await;
        let save = save.ok().and_then(|pair| pair.into_iter().nth(1));
        info.warning(&self.server, save.as_deref())
    }

    /// Says whether the server is what it was when the connection was let in.
    pub(crate) async fn still(&mut self) -> Result<(), EngineError> {
        let info = ask(&mut self.redis, &["server", "replication"]).await;
        let info = info.map_err(|error| of_redis(&error, &self.server))?;
        if info.is_replica() || info.incarnation() != self.incarnation {
            let server = &self.server;
            return Err(unavailable(format!("{server} has changed its part")));
        }
        Ok(())
    }
}

async fn ask(
    connection: &mut MultiplexedConnection,
    sections: &[&str],
) -> Result<Info, RedisError> {
    let mut command = redis::cmd("INFO");
    command.arg(sections);
    command.query_async(connection).await.map(Info::new)
}
