//! In: listeners. Out: event streams to subscribers, and to all of them what comes from the publisher. One file an
//! engine; each says which interface it uses and why that is the fastest fair one.
//!
//! The same for all: HTTP/1.1 without TLS, `TCP_NODELAY`, release builds with thin LTO, one core. The current-thread
//! runtime is tokio's; the multi-thread one has as many workers as it takes by default, which is one on one core.
//!
//! Next: `../process.rs`, which runs each in a process of its own.

mod actix;
mod axum;
mod epoll;
mod fan_out;
pub(crate) mod hub;
mod hyper;
mod nchan;
mod served;
mod wellspring;

use super::process::Listeners;
use super::publisher::Publishing;
use std::fmt;
use std::future::Future;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
pub(crate) use wellspring_report::chart::Role;

/// One server.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) runtime: &'static str,
    pub(crate) role: Role,
    pub(crate) publishing: Publishing,
    /// Until the process ends.
    pub(crate) serve: fn(Listeners) -> Result<(), String>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("name", &self.name)
            .field("runtime", &self.runtime)
            .finish_non_exhaustive()
    }
}

/// All engines, in the order of the report.
pub(crate) const ALL: [Engine; 12] = [
    served::CURRENT_THREAD,
    served::MULTI_THREAD,
    served::AXUM,
    wellspring::CURRENT_THREAD,
    wellspring::MULTI_THREAD,
    hyper::CURRENT_THREAD,
    hyper::MULTI_THREAD,
    axum::CURRENT_THREAD,
    axum::MULTI_THREAD,
    actix::ENGINE,
    nchan::ENGINE,
    epoll::ENGINE,
];

/// Their names, for the command line.
pub(crate) fn names() -> Vec<&'static str> {
    ALL.iter().map(|engine| engine.name).collect()
}

/// The hub, and what it is held against.
pub(crate) const HUBS: [Engine; 4] = [
    hub::MULTI_THREAD,
    hub::CURRENT_THREAD,
    nchan::ENGINE,
    epoll::ENGINE,
];

/// The engine of this name.
pub(crate) fn named(name: &str) -> Result<Engine, String> {
    let mut engines = ALL.into_iter().chain(HUBS);
    let engine = engines.find(|engine| engine.name == name);
    engine.ok_or_else(|| format!("there is no engine {name:?}"))
}

const CURRENT_THREAD: &str = "tokio, current thread";
const MULTI_THREAD: &str = "tokio, multi-thread, one worker";

fn on_current_thread(serving: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(text)?.block_on(serving)
}

/// All of it on the workers: the thread that blocks only waits.
fn on_workers(
    serving: impl Future<Output = Result<(), String>> + Send + 'static,
) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(text)?;
    let served = runtime.block_on(runtime.spawn(serving));
    served.map_err(text)?
}

fn listener(listener: std::net::TcpListener) -> Result<TcpListener, String> {
    listener.set_nonblocking(true).map_err(text)?;
    TcpListener::from_std(listener).map_err(text)
}

/// Publishes each line as it is read.
async fn publish_lines(
    listener: std::net::TcpListener,
    mut publish: impl FnMut(&str),
) -> Result<(), String> {
    let listener = self::listener(listener)?;
    loop {
        let (socket, _) = listener.accept().await.map_err(text)?;
        let mut lines = BufReader::new(socket).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            publish(&line);
        }
    }
}

fn text(error: impl fmt::Display) -> String {
    error.to_string()
}
