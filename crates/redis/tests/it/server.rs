//! A server of the test's own. In: how it is set up. Out: its URL; faults on command.
//!
//! Next: `faults.rs`.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use wellspring_redis::{RedisEngine, RedisOptions};

pub(crate) struct Server {
    program: PathBuf,
    child: Child,
    pub(crate) port: u16,
    folder: TempDir,
    arguments: Vec<String>,
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn spawn(program: &PathBuf, port: u16, folder: &TempDir, arguments: &[String]) -> Child {
    let mut command = Command::new(program);
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
    command.arg("--dir").arg(folder.path());
    command.args(["--save", ""]).args(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

impl Server {
    /// Starts one that answers for what is on the disk, unless other arguments follow. None without the program.
    pub(crate) async fn start(arguments: &[&str]) -> Option<Self> {
        let program = wellspring_testkit::tool("redis-server")?;
        let durable = ["--appendonly", "yes", "--appendfsync", "always"];
        let arguments = durable.iter().chain(arguments);
        let arguments: Vec<String> = arguments.map(ToString::to_string).collect();
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let child = spawn(&program, port, &folder, &arguments);
        let server = Self {
            program,
            child,
            port,
            folder,
            arguments,
        };
        server.until_it_answers().await;
        Some(server)
    }

    pub(crate) async fn until_it_answers(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.run::<String>(&["PING"]).await.is_err() {
            assert!(Instant::now() < deadline, "the server does not answer");
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) async fn engine(&self) -> RedisEngine {
        RedisOptions::parse(&self.url())
            .unwrap()
            .open()
            .await
            .unwrap()
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
        while !self
            .run::<String>(&["INFO", "replication"])
            .await
            .unwrap()
            .contains("master_link_status:up")
        {
            assert!(Instant::now() < deadline, "the replica does not follow");
            sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) async fn start_again(&mut self) {
        self.child = spawn(&self.program, self.port, &self.folder, &self.arguments);
        self.until_it_answers().await;
    }

    pub(crate) fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        kill.arg(format!("-{name}"))
            .arg(self.child.id().to_string());
        assert!(kill.status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that is stopped is killed all the same; one that is gone already is no matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
