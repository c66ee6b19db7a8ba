//! `wellspring tail`. In: a URL and wishes. Out: its events on standard output, and in a store if one
//! is wanted; what happens to the connection, on standard error.
//!
//! Next: `tail/source.rs` makes the source, `follow.rs` reads it, `tail/printer.rs` says how an event
//! looks, `tail/store.rs` keeps it.

mod printer;
mod source;
mod store;
mod verbose;

use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use url::Url;
use wellspring::store::Recorder;
use wellspring::{Cause, EventSourceBuilder, Opened, Reconnecting, Signal};

use crate::args;
use crate::exit::Ending;
use crate::follow::{Follow, Show, follow};
use crate::output::Output;
use crate::paint::Paint;
use crate::{reach, text};

use printer::Printer;
use store::EitherStore;

pub(crate) fn run(args: &args::Tail) -> Result<(), Ending> {
    if let (true, Some(path)) = (args.show, &args.store) {
        return store::show(args, path);
    }
    // Without --show there is one.
    let url = reach::url(&args.reach, args.url.as_deref().unwrap_or_default())?;
    let builder = source::builder(args, &url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Ending::no_runtime(&error))?;
    let done = runtime.block_on(async {
        match &args.store {
            Some(path) => record(args, builder, path, &url).await,
            None => {
                let mut source = builder.build().map_err(Ending::usage)?;
                follow_in_time(args, &mut source).await
            }
        }
    });
    // A write that nobody takes, or a name that nobody resolves, holds up nothing.
    runtime.shutdown_background();
    done
}

/// What was shown is stored too when this returns, unless the store has failed.
async fn record(
    args: &args::Tail,
    builder: EventSourceBuilder,
    path: &Path,
    url: &Url,
) -> Result<(), Ending> {
    let store = EitherStore::open(args, path)?;
    let resumed = Recorder::resume(builder, store, &reach::source_name(url)).await;
    let mut recorder = resumed.map_err(Ending::of_recorder)?;
    let done = follow_in_time(args, &mut recorder).await;
    let stored = recorder.finish().await;
    outcome(done, stored.map(drop).map_err(Ending::failed))
}

/// What could not be stored is told, unless something else has failed before.
fn outcome(done: Result<(), Ending>, stored: Result<(), Ending>) -> Result<(), Ending> {
    match (done, stored) {
        (Err(ending), Err(_)) if ending.is_failure() => Err(ending),
        (_, Err(failed)) => Err(failed),
        (done, Ok(())) => done,
    }
}

async fn follow_in_time(args: &args::Tail, source: &mut impl Follow) -> Result<(), Ending> {
    let mut output = Output::new();
    let mut tail = Tail::new(args);
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
    args: &'a args::Tail,
    printer: Printer<'a>,
    /// For standard error.
    paint: Paint,
    /// Of the connection that is or was open.
    origin: String,
    url: String,
}

impl<'a> Tail<'a> {
    fn new(args: &'a args::Tail) -> Self {
        Self {
            args,
            printer: Printer::new(args),
            paint: Paint::on(&io::stderr()),
            origin: String::new(),
            url: String::new(),
        }
    }

    fn opened(&mut self, opened: &Opened, output: &mut Output) {
        self.origin.clone_from(&opened.origin);
        self.url = text::url(opened);
        output.note(self.aside(&text::opened(opened)));
    }

    fn lost(&self, lost: &Reconnecting, output: &mut Output) -> ControlFlow<Result<(), Ending>> {
        let what = text::cause(&lost.cause, &self.url);
        if !self.args.no_reconnect {
            output.note(self.aside(&text::reconnecting(lost, &self.url)));
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(match lost.cause {
            Cause::EndOfBody => Ok(()),
            _ => Err(Ending::failed(format_args!(
                "{what}; not trying again (--no-reconnect)"
            ))),
        })
    }

    fn aside(&self, line: &str) -> String {
        let aside = self.paint.aside();
        format!("{aside}{line}{aside:#}")
    }
}

impl Show for Tail<'_> {
    fn show(&mut self, signal: Signal<'_>, output: &mut Output) -> ControlFlow<Result<(), Ending>> {
        match signal {
            Signal::Open(opened) => self.opened(opened, output),
            Signal::Message(event) => {
                let printed = self
                    .printer
                    .print(event, Some(&self.origin), &mut output.buffer);
                if printed.is_break() {
                    return ControlFlow::Break(Ok(()));
                }
            }
            Signal::Reconnecting(lost) => return self.lost(lost, output),
            Signal::LastEventIdNotSent(reason) => {
                output.note(self.aside(&format!("the last event ID is not sent: {reason}")));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests;
