//! `wellspring tail`. In: a URL and wishes. Out: its events on standard output; what happens to the
//! connection, on standard error.
//!
//! Next: `tail/source.rs` makes the source, `follow.rs` reads it, `text.rs` and `json.rs` say how an
//! event looks.

mod source;

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;

use wellspring::{Cause, EventRef, EventSource, Opened, Reconnecting, Signal};

use crate::args;
use crate::exit::Ending;
use crate::follow::{Show, follow};
use crate::output::Output;
use crate::paint::Paint;
use crate::{json, text};

pub(crate) fn run(args: &args::Tail) -> Result<(), Ending> {
    let source = source::build(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Ending::no_runtime(&error))?;
    let done = runtime.block_on(follow_in_time(args, source));
    // A write that nobody takes, or a name that nobody resolves, holds up nothing.
    runtime.shutdown_background();
    done
}

async fn follow_in_time(args: &args::Tail, mut source: EventSource) -> Result<(), Ending> {
    let mut output = Output::new();
    let mut tail = Tail::new(args);
    let followed = follow(&mut source, &mut tail, &mut output);
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

/// How an event looks.
#[derive(Clone, Copy)]
enum Format {
    Text(Paint),
    Json,
    /// The data as it is.
    Data,
    /// The data, for a terminal that should not obey it.
    VisibleData,
}

impl Format {
    fn of(args: &args::Tail) -> Self {
        match (args.json, args.data_only) {
            (true, _) => Self::Json,
            (_, true) if io::stdout().is_terminal() => Self::VisibleData,
            (_, true) => Self::Data,
            _ => Self::Text(Paint::on(&io::stdout())),
        }
    }
}

struct Tail<'a> {
    args: &'a args::Tail,
    format: Format,
    /// For standard error.
    paint: Paint,
    /// Of the connection that is or was open.
    origin: String,
    url: String,
    left: Option<u64>,
}

impl<'a> Tail<'a> {
    fn new(args: &'a args::Tail) -> Self {
        Self {
            args,
            format: Format::of(args),
            paint: Paint::on(&io::stderr()),
            origin: String::new(),
            url: String::new(),
            left: args.count,
        }
    }

    fn opened(&mut self, opened: &Opened, output: &mut Output) {
        self.origin.clone_from(&opened.origin);
        self.url = text::url(opened);
        output.note(self.aside(&text::opened(opened)));
        if let Some(reason) = opened.last_event_id_not_sent {
            output.note(self.aside(&format!("the last event ID was not sent: {reason}")));
        }
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

    fn print(&mut self, event: EventRef<'_>, out: &mut Vec<u8>) -> ControlFlow<Result<(), Ending>> {
        let wanted = &self.args.events;
        if !wanted.is_empty() && !wanted.iter().any(|name| name == event.event_type) {
            return ControlFlow::Continue(());
        }
        match self.format {
            Format::Text(paint) => text::write_event(out, event, paint),
            Format::Json => json::write_event(out, event, Some(&self.origin)),
            Format::Data => {
                out.extend_from_slice(event.data.as_bytes());
                out.push(b'\n');
            }
            Format::VisibleData => {
                for line in event.data.split('\n') {
                    out.extend_from_slice(text::visible(line).as_bytes());
                    out.push(b'\n');
                }
            }
        }
        match &mut self.left {
            Some(left) if *left == 1 => ControlFlow::Break(Ok(())),
            Some(left) => {
                *left -= 1;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Continue(()),
        }
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
            Signal::Message(event) => return self.print(event, &mut output.buffer),
            Signal::Reconnecting(lost) => return self.lost(lost, output),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
