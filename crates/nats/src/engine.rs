//! The engine. In: calls. Out: what the files below make of them.
//!
//! Next: `opening.rs`, `append.rs`, `read.rs`, `follow.rs`, `trim.rs`, `presence.rs`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use wellspring_broker::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineLimits, Epoch, Members, NodeId, Page,
    PageLimits, Renewal, Retention, TailItem,
};

use crate::follow::follow;
use crate::opening::open;
use crate::options::NatsOptions;
use crate::shared::Shared;

/// How often what is too old or too much is dropped.
const TRIM_EVERY: Duration = Duration::from_secs(1);

/// Keeps the history in a JetStream stream, for any number of nodes.
///
/// An append is answered once the stream's leader has stored it, and with three replicas once two servers
/// have. Servers write to the disk by themselves every two minutes unless they are told otherwise
/// (`sync_interval`): what was answered for outlives any process, and with one replica not always the
/// machine.
///
/// ```no_run
/// use std::sync::Arc;
/// use wellspring_broker::Broker;
/// use wellspring_nats::NatsOptions;
///
/// # async fn open() -> Result<(), Box<dyn std::error::Error>> {
/// let options: NatsOptions = "nats://localhost/shop".parse()?;
/// let engine = options.connect().await?;
/// let broker = Broker::open(Arc::new(engine), Default::default()).await?;
/// # Ok(())
/// # }
/// ```
pub struct NatsEngine {
    shared: Arc<Shared>,
    warnings: Vec<String>,
    trimming: JoinHandle<()>,
}

impl NatsOptions {
    /// Connects, and makes the stream if it is not there. Must be called on a tokio runtime with a timer.
    ///
    /// # Errors
    /// No server can be reached, or none takes the login; JetStream is not enabled; the server is older
    /// than 2.9; the stream is there and is not a hub's, or keeps by other rules than a hub's.
    pub async fn connect(self) -> Result<NatsEngine, EngineError> {
        NatsEngine::open(self).await
    }
}

impl NatsEngine {
    async fn open(options: NatsOptions) -> Result<Self, EngineError> {
        let (shared, warnings) = open(options).await?;
        let shared = Arc::new(shared);
        let trimming = tokio::spawn(keep_trimmed(Arc::clone(&shared)));
        Ok(Self {
            shared,
            warnings,
            trimming,
        })
    }

    /// Returns what the stream promises less than it might, a sentence each.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

async fn keep_trimmed(shared: Arc<Shared>) {
    let mut ticks = interval(TRIM_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Some(retention) = shared.retention() {
            // What fails is tried again a second later.
            while shared.drop_old(retention).await.unwrap_or(false) {}
        }
    }
}

impl Engine for NatsEngine {
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>> {
        Box::pin(self.shared.append(epoch, batch))
    }

    fn read_after(
        &self,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'_, Result<Page, EngineError>> {
        Box::pin(self.shared.page(after, limits))
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<u64>, EngineError>> {
        Box::pin(self.shared.find(id))
    }

    fn tail(&self, after: u64) -> BoxStream<'static, TailItem> {
        Box::pin(follow(Arc::clone(&self.shared), after))
    }

    fn bounds(&self) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        Box::pin(self.shared.bounds())
    }

    fn limits(&self) -> EngineLimits {
        EngineLimits::new(self.shared.largest)
    }

    fn trim(&self, retention: Retention) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(self.shared.trim(retention))
    }

    fn fence(&self, epoch: Epoch, last: u64) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        Box::pin(self.shared.fence(epoch, last))
    }

    fn lease(&self, node: NodeId, ttl: Duration) -> BoxFuture<'_, Result<Renewal, EngineError>> {
        Box::pin(self.shared.lease(node, ttl))
    }

    fn release(&self, node: NodeId) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(self.shared.release(node))
    }

    fn member_put(
        &self,
        node: NodeId,
        member: String,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(async move { self.shared.member_put(node, &member, &bytes).await })
    }

    fn member_remove<'a>(
        &'a self,
        node: NodeId,
        member: &'a str,
    ) -> BoxFuture<'a, Result<(), EngineError>> {
        Box::pin(self.shared.member_remove(node, member))
    }

    fn members(&self) -> BoxFuture<'_, Result<Members, EngineError>> {
        Box::pin(self.shared.members())
    }
}

impl fmt::Debug for NatsEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsEngine")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}

impl Drop for NatsEngine {
    fn drop(&mut self) {
        self.trimming.abort();
    }
}
