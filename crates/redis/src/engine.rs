//! The engine. In: what a broker asks of it. Out: answers of a Redis server, each within a deadline.
//!
//! Next: `connection.rs` (who is let in), `append.rs`, `tail.rs`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use futures_util::stream;
use wellspring_broker::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineLimits, Epoch, Members, NodeId, Page,
    PageLimits, Refusal, Renewal, Retention, TailItem,
};

use crate::append::{Appender, LARGEST};
use crate::connection::{Connection, Shared, words};
use crate::error::of_word;
use crate::link::Link;
use crate::options::{RedisOptions, RedisUrlError};
use crate::presence;
use crate::reply;
use crate::tail::Tail;

/// No number of a record is larger: scripts count in doubles.
const LARGEST_NUMBER: u64 = 1 << 53;

/// Keeps the history in Redis 7.0 or later, or Valkey, for as many nodes as name it.
///
/// An append is answered when the server has it, as durably as that is set up: with `appendonly yes` and
/// `appendfsync always` it outlives the machine, with `everysec` its last second may be lost, and with
/// [`replicas`](RedisOptions::parse) it is there on so many replicas too. A server that was restarted, failed
/// over or restored begins another epoch behind the newest record it has.
///
/// All nodes of one history are set up with the same retention: what the last one sets counts.
///
/// ```no_run
/// # async fn open() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use wellspring_broker::Broker;
/// use wellspring_redis::RedisOptions;
///
/// let engine = RedisOptions::parse("redis://redis.example")?.open().await?;
/// if let Some(warning) = engine.warning() {
///     eprintln!("{warning}");
/// }
/// let broker = Broker::open(Arc::new(engine), Default::default()).await?;
/// # Ok(())
/// # }
/// ```
pub struct RedisEngine {
    shared: Arc<Shared>,
    link: Link,
    appender: Appender,
    warning: Option<String>,
}

impl RedisOptions {
    /// Connects, with all checks, and begins a history if there is none. Must be called on a tokio runtime
    /// with I/O and a timer.
    ///
    /// # Errors
    /// The server cannot be reached within 3 s, or does not let this user in; it is a replica, part of a
    /// cluster, too old, or may evict keys; one of the keys is of something else; the history is of a newer
    /// version.
    pub async fn open(self) -> Result<RedisEngine, EngineError> {
        RedisEngine::open_with(self).await
    }
}

impl RedisEngine {
    /// Opens the history that this URL names, with the defaults.
    ///
    /// # Errors
    /// As for [`RedisOptions::open`]; and for a URL that names none, what is wrong with it.
    pub async fn open(url: &str) -> Result<Self, EngineError> {
        let options = RedisOptions::parse(url);
        let options = options
            .map_err(|error: RedisUrlError| crate::error::configuration(error.to_string()))?;
        options.open().await
    }

    async fn open_with(options: RedisOptions) -> Result<Self, EngineError> {
        let shared = Arc::new(Shared::new(options));
        let connection = Connection::open(&shared).await?;
        shared.set_lineage(connection.bounds.lineage.clone());
        let warning = connection.warning().await;
        let own = Connection::open(&shared).await?;
        Ok(Self {
            link: Link::new(Arc::clone(&shared), Some(connection)),
            appender: Appender::spawn(Arc::clone(&shared), own),
            shared,
            warning,
        })
    }

    /// Returns what a restart of the server would lose, if it would lose something: one sentence.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    async fn bounds_now(&self) -> Result<Bounds, EngineError> {
        let (word, values) = self.link.script(|scripts| &scripts.bounds, &[]).await?;
        match word.as_str() {
            "bounds" => reply::bounds(values),
            word => Err(of_word(word)),
        }
    }

    async fn page(&self, after: u64, limits: PageLimits) -> Result<Page, EngineError> {
        let after = after.min(LARGEST_NUMBER).to_string();
        let (records, bytes) = (limits.records.max(1).to_string(), limits.bytes.to_string());
        let arguments = [after.as_bytes(), records.as_bytes(), bytes.as_bytes()];
        let page = self.link.script(|scripts| &scripts.page, &arguments);
        let (word, values) = page.await?;
        match word.as_str() {
            "page" => reply::page(values),
            word => Err(of_word(word)),
        }
    }

    async fn find_now(&self, id: &str) -> Result<Option<u64>, EngineError> {
        let arguments = [id.as_bytes()];
        let found = self.link.script(|scripts| &scripts.find, &arguments);
        let (word, mut values) = found.await?;
        match word.as_str() {
            "found" => reply::number(values.next()).map(Some),
            "none" => Ok(None),
            word => Err(of_word(word)),
        }
    }

    async fn trim_now(&self, retention: Retention) -> Result<(), EngineError> {
        self.shared.set_retention(retention);
        let words = words(retention);
        let arguments: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
        loop {
            let (word, _) = self
                .link
                .script(|scripts| &scripts.trim, &arguments)
                .await?;
            match word.as_str() {
                "done" => return Ok(()),
                "more" => {}
                word => return Err(of_word(word)),
            }
        }
    }

    async fn fence_now(&self, epoch: Epoch, last: u64) -> Result<Bounds, EngineError> {
        let last = last.min(LARGEST_NUMBER);
        let numbers = [epoch.number(), last, Epoch::random().number()];
        let words = numbers.map(|number| number.to_string());
        let arguments: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
        loop {
            let (word, values) = self
                .link
                .script(|scripts| &scripts.fence, &arguments)
                .await?;
            match word.as_str() {
                "bounds" => return reply::bounds(values),
                "more" => {}
                word => return Err(of_word(word)),
            }
        }
    }
}

impl Engine for RedisEngine {
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>> {
        if batch.iter().any(|append| append.record.len() > LARGEST) {
            // Rare, and a batch is one of few: all of it is refused.
            let refused = AppendOutcome::Refused(Refusal::TooLarge);
            return Box::pin(std::future::ready(vec![refused; batch.len()]));
        }
        Box::pin(self.appender.append(epoch, batch))
    }

    fn read_after(
        &self,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'_, Result<Page, EngineError>> {
        Box::pin(self.page(after, limits))
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<u64>, EngineError>> {
        Box::pin(self.find_now(id))
    }

    fn tail(&self, after: u64) -> BoxStream<'static, TailItem> {
        let tail = Tail::new(Arc::clone(&self.shared), after);
        Box::pin(stream::unfold(tail, |mut tail| async move {
            let item = tail.next().await;
            Some((item, tail))
        }))
    }

    fn bounds(&self) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        Box::pin(self.bounds_now())
    }

    fn limits(&self) -> EngineLimits {
        EngineLimits::new(LARGEST)
    }

    fn trim(&self, retention: Retention) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(self.trim_now(retention))
    }

    fn fence(&self, epoch: Epoch, last: u64) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        Box::pin(self.fence_now(epoch, last))
    }

    fn lease(&self, node: NodeId, ttl: Duration) -> BoxFuture<'_, Result<Renewal, EngineError>> {
        Box::pin(presence::lease(&self.link, node, ttl))
    }

    fn release(&self, node: NodeId) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(presence::release(&self.link, self.keys(), node))
    }

    fn member_put(
        &self,
        node: NodeId,
        member: String,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(async move { presence::put(&self.link, self.keys(), node, &member, &bytes).await })
    }

    fn member_remove<'a>(
        &'a self,
        node: NodeId,
        member: &'a str,
    ) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(presence::remove(&self.link, self.keys(), node, member))
    }

    fn members(&self) -> BoxFuture<'_, Result<Members, EngineError>> {
        Box::pin(presence::members(&self.link, self.keys()))
    }
}

impl RedisEngine {
    fn keys(&self) -> &crate::keys::Keys {
        self.shared.scripts.keys()
    }
}

impl fmt::Debug for RedisEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisEngine")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}
