//! `wellspring tail`. In: a URL and options. Out: its events on standard output, and in a store if
//! one is given; what happens to the connection, on standard error.
//!
//! Next: `tail/source.rs` makes the source, `follow.rs` reads it, `tail/printer.rs` says how an event
//! looks, `tail/connection.rs` what happens to the connection, `tail/store.rs` keeps the events.

mod call;
mod connection;
mod exec;
mod peek;
mod printer;
mod source;
mod stamp;
mod store;
mod stream;
mod verbose;

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use url::Url;
use wellspring::store::Recorder;
use wellspring::{EventSourceBuilder, Signal};

use crate::args;
use crate::exit::Ending;
use crate::follow::{Follow, Show, follow};
use crate::output::Output;
use crate::{reach, runtime, text, words};

use connection::Connection;
use exec::Run;
use peek::Glimpse;
use printer::Printer;
use store::EitherStore;

pub(crate) fn run(args: &args::Tail) -> Result<(), Ending> {
    if let (true, Some(path)) = (args.show, &args.store) {
        return store::show(args, path);
    }
    // Without --show there is one.
    let url = reach::url(&args.reach, args.url.as_deref().unwrap_or_default())?;
    let glimpse = Glimpse::default();
    let builder = source::builder(args, &url, glimpse.clone())?;
    let runtime = runtime::on_this_thread()?;
    let done = runtime.block_on(async {
        match &args.store {
            Some(path) => record(args, builder, path, &url, glimpse).await,
            None => {
                let mut source = builder
                    .build()
                    .map_err(|error| Ending::usage(words::of(error)))?;
                follow_in_time(args, &mut source, glimpse).await
            }
        }
    });
    // A write that is not taken, or a name that is being resolved, must not hold up the end.
    runtime.shutdown_background();
    done
}

/// What was shown is stored too when this returns, unless the store has failed.
async fn record(
    args: &args::Tail,
    builder: EventSourceBuilder,
    path: &Path,
    url: &Url,
    glimpse: Glimpse,
) -> Result<(), Ending> {
    let store = EitherStore::open(args, path)?;
    let resumed = Recorder::resume(builder, store, &reach::source_name(url)).await;
    let mut recorder = resumed.map_err(Ending::of_recorder)?;
    let done = follow_in_time(args, &mut recorder, glimpse).await;
    let stored = recorder.finish().await;
    outcome(
        done,
        stored.map(drop).map_err(|error| Ending::of_store(&error)),
    )
}

/// A store that failed is reported, unless something else failed before.
fn outcome(done: Result<(), Ending>, stored: Result<(), Ending>) -> Result<(), Ending> {
    match (done, stored) {
        (Err(ending), Err(_)) if ending.is_failure() => Err(ending),
        (_, Err(failed)) => Err(failed),
        (done, Ok(())) => done,
    }
}

async fn follow_in_time(
    args: &args::Tail,
    source: &mut impl Follow,
    glimpse: Glimpse,
) -> Result<(), Ending> {
    let mut output = Output::new();
    let mut tail = Tail::new(args, glimpse);
    let followed = follow(source, &mut tail, &mut output);
    let Some(limit) = args.timeout else {
        return followed.await;
    };
    let followed = tokio::time::timeout(limit, followed).await;
    followed.unwrap_or_else(|_| {
        let passed = text::seconds(limit);
        Err(Ending::timed_out(format_args!(
            "stopped after {passed} (--timeout)"
        )))
    })
}

struct Tail<'a> {
    exec: Option<&'a str>,
    /// What `--exec` is to run next.
    run: Option<Run>,
    printer: Printer<'a>,
    connection: Connection<'a>,
}

impl<'a> Tail<'a> {
    fn new(args: &'a args::Tail, glimpse: Glimpse) -> Self {
        Self {
            exec: args.exec.as_deref(),
            run: None,
            printer: Printer::new(args),
            connection: Connection::new(args, glimpse),
        }
    }
}

impl Show for Tail<'_> {
    fn show(&mut self, signal: Signal<'_>, output: &mut Output) -> ControlFlow<Result<(), Ending>> {
        let Self {
            printer,
            connection,
            ..
        } = self;
        match signal {
            Signal::Open(opened) => connection.opened(opened, output),
            Signal::Message(event) => {
                connection.event(event);
                let origin = connection.origin();
                if let Some(command) = self.exec.filter(|_| printer.wants(event)) {
                    self.run = Some(Run::new(command, event, origin));
                }
                let origin = Some(origin);
                if printer.print(event, origin, &mut output.buffer).is_break() {
                    return ControlFlow::Break(Ok(()));
                }
            }
            Signal::LastEventId(id) => {
                connection.position(id);
                printer.print_id(id, &mut output.buffer);
            }
            Signal::ReconnectionTime(time) => {
                connection.reconnection_time();
                printer.print_retry(time, &mut output.buffer);
            }
            Signal::Reconnecting(lost) => return connection.lost(lost, output),
            Signal::LastEventIdNotSent(reason) => {
                connection.note(&format!("the last event ID is not sent: {reason}"), output);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn patience(&self) -> Option<Duration> {
        self.connection.patience()
    }

    fn waited(&mut self, output: &mut Output) {
        self.connection.waited(output);
    }

    async fn act(&mut self) -> Result<(), Ending> {
        match self.run.take() {
            Some(run) => run.wait().await,
            None => Ok(()),
        }
    }

    fn ended(&mut self, output: &mut Output) -> Result<(), Ending> {
        self.connection.ended(output)
    }
}

#[cfg(test)]
mod tests;
