//! A `nats-server` of a test. In: nothing, or further lines of its configuration. Out: a process that can be
//! killed, frozen and started again, with a folder that goes with it.
//!
//! Next: `contract.rs`.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use wellspring_broker::Engine;
use wellspring_nats::{NatsEngine, NatsOptions};

/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    folder: TempDir,
    pub(crate) port: u16,
    process: Option<Child>,
}

impl Server {
    /// Starts one with JetStream. Nothing if the program is not here, which has been said then.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with("")
    }

    /// Starts one, with further lines of configuration.
    pub(crate) fn start_with(further: &str) -> Option<Self> {
        Self::prepare(free_port(), further).map(|mut server| {
            server.begin();
            server
        })
    }

    /// One that has not begun.
    pub(crate) fn prepare(port: u16, further: &str) -> Option<Self> {
        wellspring_testkit::tool("nats-server")?;
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let config = format!(
            "listen: \"127.0.0.1:{port}\"\njetstream {{ store_dir: {store:?} }}\n{further}\n"
        );
        fs::write(folder.path().join("server.conf"), config).unwrap();
        Some(Self {
            folder,
            port,
            process: None,
        })
    }

    pub(crate) fn begin(&mut self) {
        let program = wellspring_testkit::tool("nats-server").unwrap();
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        let process = Command::new(program)
            .arg("--config")
            .arg(self.folder.path().join("server.conf"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.process = Some(process.unwrap());
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(
                begun.elapsed() < PATIENCE,
                "nats-server does not begin: {log}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let process = self.process.as_ref().unwrap();
        kill_process(Pid::from_child(process), signal).unwrap();
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Where it keeps its streams.
    pub(crate) fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    pub(crate) async fn engine(&self) -> Arc<NatsEngine> {
        let options: NatsOptions = self.url().parse().unwrap();
        Arc::new(options.connect().await.unwrap())
    }

    pub(crate) async fn client(&self) -> async_nats::Client {
        async_nats::connect(self.url()).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// An empty history on a server of its own.
pub(crate) async fn open() -> Option<(Arc<dyn Engine>, Server)> {
    let server = Server::start()?;
    let engine: Arc<dyn Engine> = server.engine().await;
    Some((engine, server))
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}
