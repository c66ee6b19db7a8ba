//! A server that does on command what servers do by accident. In: a [`Script`] for each connection
//! to come. Out: raw bytes on loopback, and the [`Request`]s that were heard.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! use wellspring_testkit::server::{Script, ScriptedServer};
//!
//! let server = ScriptedServer::start([Script::event_stream("data: hi\n\n")]).await;
//! let mut client = tokio::net::TcpStream::connect(server.address()).await.unwrap();
//! client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
//! let mut answer = String::new();
//! client.read_to_string(&mut answer).await.unwrap();
//! assert!(answer.ends_with("\r\n\r\ndata: hi\n\n"));
//! assert_eq!(server.request(0).await.line(), "GET / HTTP/1.1");
//! # });
//! ```
//!
//! Next: `server/script.rs`.

mod request;
mod script;

pub use request::Request;
pub use script::Script;

use script::Step;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

/// A listening socket on loopback with a script for each connection. Dropping it ends everything at
/// once.
#[derive(Debug)]
pub struct ScriptedServer {
    address: SocketAddr,
    heard: watch::Receiver<Heard>,
    gate: Arc<Semaphore>,
    task: JoinHandle<()>,
}

/// What happened so far.
#[derive(Clone, Debug, Default)]
struct Heard {
    connections: usize,
    ended: usize,
    requests: Vec<Request>,
}

impl ScriptedServer {
    /// Listens on a free port. Each connection takes the next script; one that comes after the last
    /// script is closed at once.
    ///
    /// # Panics
    /// When loopback has no port left to listen on.
    pub async fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        let scripts: Vec<Script> = scripts.into_iter().collect();
        Self::run(scripts.into_iter()).await
    }

    /// Listens on a free port. Every connection takes this script.
    ///
    /// # Panics
    /// When loopback has no port left to listen on.
    pub async fn start_repeating(script: Script) -> Self {
        Self::run(std::iter::repeat(script)).await
    }

    /// Listens on a free port. Each connection reads a request and takes the script that `answer`
    /// has for it, so that what is answered does not depend on the order of connections.
    ///
    /// # Panics
    /// When loopback has no port left to listen on.
    pub async fn start_answering(
        answer: impl Fn(&Request) -> Script + Send + Sync + 'static,
    ) -> Self {
        let script = Script::new().answer_by(Arc::new(answer));
        Self::start_repeating(script).await
    }

    async fn run(scripts: impl Iterator<Item = Script> + Send + 'static) -> Self {
        let bound = TcpListener::bind("127.0.0.1:0").await;
        let listener = bound.expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let (sender, heard) = watch::channel(Heard::default());
        let gate = Arc::new(Semaphore::new(0));
        let play = Play {
            heard: Arc::new(sender),
            gate: Arc::clone(&gate),
        };
        let task = tokio::spawn(accept(listener, scripts, play));
        Self {
            address,
            heard,
            gate,
            task,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An `http` URL to it; the path begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Lets one connection pass its [`gate`](Script::gate), now or when it gets there.
    pub fn open_gate(&self) {
        self.gate.add_permits(1);
    }

    /// The requests heard so far, in the order in which they ended.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.heard.borrow().requests.clone()
    }

    /// Waits for the request of this number, the first being 0. A test that may wait in vain puts a
    /// timeout around it.
    pub async fn request(&self, index: usize) -> Request {
        let heard = self.wait_for(|heard| heard.requests.len() > index).await;
        heard.requests[index].clone()
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.heard.borrow().connections
    }

    /// How many connections are still there.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        let heard = self.heard.borrow();
        heard.connections - heard.ended
    }

    /// Waits until this many connections have been accepted.
    pub async fn accepted(&self, count: usize) {
        self.wait_for(|heard| heard.connections >= count).await;
    }

    /// Waits until this many connections have ended, by their script or by the other side.
    pub async fn ended(&self, count: usize) {
        self.wait_for(|heard| heard.ended >= count).await;
    }

    async fn wait_for(&self, done: impl FnMut(&Heard) -> bool) -> Heard {
        let mut heard = self.heard.clone();
        let found = heard.wait_for(done).await;
        found
            .expect("the task that listens ends with the server")
            .clone()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Play {
    heard: Arc<watch::Sender<Heard>>,
    gate: Arc<Semaphore>,
}

async fn accept(listener: TcpListener, mut scripts: impl Iterator<Item = Script>, play: Play) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        play.heard.send_modify(|heard| heard.connections += 1);
        let script = scripts.next().unwrap_or_default();
        let play = play.clone();
        connections.spawn(async move {
            // A peer that goes away is what many scripts wait for.
            let _ = play.perform(stream, script).await;
            play.heard.send_modify(|heard| heard.ended += 1);
        });
        while connections.try_join_next().is_some() {}
    }
}

impl Play {
    async fn perform(&self, mut stream: TcpStream, script: Script) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut steps: VecDeque<Step> = script.steps.into();
        while let Some(step) = steps.pop_front() {
            match step {
                Step::AnswerBy(answer) => match Request::read(&mut stream).await? {
                    Some(request) => {
                        steps.extend((answer.0)(&request).steps);
                        self.heard.send_modify(|heard| heard.requests.push(request));
                    }
                    None => return Ok(()),
                },
                Step::Request => match Request::read(&mut stream).await? {
                    Some(request) => self.heard.send_modify(|heard| heard.requests.push(request)),
                    None => return Ok(()),
                },
                Step::Send(bytes) => stream.write_all(&bytes).await?,
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Gate => {
                    if let Ok(permit) = self.gate.acquire().await {
                        permit.forget();
                    }
                }
                Step::Reset => return stream.set_zero_linger(),
                Step::Hang => while stream.read(&mut [0; 1024]).await? > 0 {},
            }
        }
        close(stream).await
    }
}

/// Closes in good order: a socket that still holds unread bytes would be reset instead.
async fn close(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let drain = async {
        while stream.read(&mut [0; 1024]).await? > 0 {}
        Ok(())
    };
    let drained = tokio::time::timeout(Duration::from_millis(200), drain).await;
    drained.unwrap_or(Ok(()))
}

#[cfg(test)]
mod tests;
