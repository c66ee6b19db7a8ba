//! A server of the test's own. In: how it is set up. Out: an engine over it; commands with typed answers.
//!
//! Next: `faults.rs`; `crates/testkit/src/redis.rs` starts and kills.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use wellspring_redis::{RedisEngine, RedisOptions};
use wellspring_testkit::redis::RedisServer;

pub(crate) struct Server {
    server: RedisServer,
    /// Goes away behind the server.
    _folder: TempDir,
}

impl Server {
    /// None without the program.
    pub(crate) fn start(arguments: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        Some(Self {
            server: RedisServer::start(folder.path(), arguments)?,
            _folder: folder,
        })
    }

    pub(crate) async fn engine(&self) -> RedisEngine {
        let options = RedisOptions::parse(&self.url()).unwrap();
        options.open().await.unwrap()
    }

    /// Runs a command over a connection of its own.
    pub(crate) async fn run<T: redis::FromRedisValue>(
        &self,
        words: &[&str],
    ) -> redis::RedisResult<T> {
        let client = redis::Client::open(self.url())?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        command.query_async(&mut connection).await
    }

    /// Waits until a replica has what its primary had.
    pub(crate) async fn until_it_follows(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let info: String = self.run(&["INFO", "replication"]).await.unwrap();
            if info.contains("master_link_status:up") {
                return;
            }
            assert!(Instant::now() < deadline, "the replica does not follow");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Deref for Server {
    type Target = RedisServer;

    fn deref(&self) -> &RedisServer {
        &self.server
    }
}

impl DerefMut for Server {
    fn deref_mut(&mut self) -> &mut RedisServer {
        &mut self.server
    }
}
