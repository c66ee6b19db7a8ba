//! In: a URL and a number of events. Out: the totals a client finds in them. One file an engine, or a few that share
//! what matters; each says which interface it uses and why that is the fastest fair one.
//!
//! The same for all: a tokio runtime on the calling thread, no TLS, no proxy, no decompression. Each event goes
//! through `black_box` and its three strings are measured with `Totals::add`; what an engine owns, it drops. It stops
//! at the last event, not at the end of the body.
//!
//! Next: `../run.rs`, which runs each in a process of its own.

mod curl;
mod eventsource_client;
mod floor;
mod raw;
mod reqwest_eventsource;
mod sseer;
mod wellspring;

use crate::decode::corpus::Totals;
use futures_core::Stream;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
pub(crate) use wellspring_report::chart::Role;

/// What an engine does: nothing is known of what was thrown away.
pub(crate) type Receive = fn(&str, u64) -> Result<Option<Totals>, String>;

/// One client behind one interface.
#[derive(Clone, Copy)]
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) receive: Receive,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("name", &self.name)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// All engines, in the order of the report.
pub(crate) const ALL: [Engine; 12] = [
    wellspring::LENT,
    wellspring::HANDLERS,
    wellspring::OWNED,
    wellspring::BLOCKING,
    wellspring::BLOCKING_LENT,
    floor::ENGINE,
    raw::SSE_CORE,
    raw::SSE_STREAM,
    sseer::ENGINE,
    eventsource_client::ENGINE,
    reqwest_eventsource::ENGINE,
    curl::ENGINE,
];

/// Their names, for the command line.
pub(crate) fn names() -> Vec<&'static str> {
    ALL.iter().map(|engine| engine.name).collect()
}

/// On the calling thread.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(text)?.block_on(future)
}

/// The next item of a stream.
pub(crate) async fn next<S: Stream + ?Sized>(stream: &mut Pin<&mut S>) -> Option<S::Item> {
    poll_fn(|cx| stream.as_mut().poll_next(cx)).await
}

fn text(error: impl fmt::Display) -> String {
    error.to_string()
}

/// A body that ended early.
fn short<T>() -> Result<T, String> {
    Err("the stream ended before its last event".to_owned())
}
