//! `wellspring demo`: server, page and client in one program. In: a port. Out: what our own event
//! source receives, until Ctrl-C; then every stream ends in good order.
//!
//! Next: `news.rs` makes the events, `server.rs` serves them, `show.rs` prints them.

mod news;
mod page;
mod server;
mod show;

use std::future::Future;
use std::time::Duration;

use tokio::sync::oneshot;
use wellspring::EventSource;

use crate::args;
use crate::exit::Ending;
use crate::follow::follow;
use crate::output::Output;
use news::News;
use show::Shown;

/// Where the event stream is.
pub(crate) const STREAM: &str = "/api/v1/sse";
/// How long streams get to end.
const DRAIN: Duration = Duration::from_secs(2);

pub(crate) fn run(args: &args::Demo) -> Result<(), Ending> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Ending::no_runtime(&error))?;
    let done = runtime.block_on(demo(args));
    runtime.shutdown_background();
    done
}

async fn demo(args: &args::Demo) -> Result<(), Ending> {
    let interrupted = interrupted()?;
    let news = News::begin(Duration::from_millis(args.interval.into()));
    let (listener, address) = server::listen(args.port).await?;
    let (stop, stopped) = oneshot::channel();
    let published = tokio::spawn(news.clone().publish());
    let served = tokio::spawn(server::serve(listener, news.clone(), stopped));

    let mut output = Output::new();
    let mut shown = Shown::new(args.count);
    shown.introduce(&format!("http://{address}"), &mut output);
    let url = format!("http://{address}{STREAM}");
    let mut source = EventSource::builder(url)
        .comments(true)
        .build()
        .map_err(Ending::failed)?;
    let done = tokio::select! {
        biased;
        () = interrupted => Ok(()),
        done = follow(&mut source, &mut shown, &mut output) => done,
    };

    drop(source);
    published.abort();
    news.close();
    drop(stop);
    // Whoever has not read to the end by then is left behind.
    let _ = tokio::time::timeout(DRAIN, served).await;
    done
}

/// Completes at Ctrl-C, or when the system asks the program to end.
#[cfg(unix)]
fn interrupted() -> Result<impl Future<Output = ()>, Ending> {
    use tokio::signal::unix::{SignalKind, signal};

    let failed = |error| Ending::failed(format_args!("cannot watch for Ctrl-C: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes at Ctrl-C.
#[cfg(windows)]
fn interrupted() -> Result<impl Future<Output = ()>, Ending> {
    let failed = |error| Ending::failed(format_args!("cannot watch for Ctrl-C: {error}"));
    let mut ctrl_c = tokio::signal::windows::ctrl_c().map_err(failed)?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
