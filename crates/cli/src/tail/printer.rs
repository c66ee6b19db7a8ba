//! How an event looks. In: events. Out: those that were asked for, in the format that was, as often as
//! was.
//!
//! Next: `../text.rs`, `../json.rs`.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;

use wellspring::EventRef;

use crate::args;
use crate::paint::Paint;
use crate::{json, text};

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

pub(super) struct Printer<'a> {
    /// All of them when empty.
    event_types: &'a [String],
    format: Format,
    left: Option<u64>,
}

impl<'a> Printer<'a> {
    pub(super) fn new(args: &'a args::Tail) -> Self {
        Self {
            event_types: &args.events,
            format: Format::of(args),
            left: args.count,
        }
    }

    /// Appends the event; breaks when that was the last one wanted.
    pub(super) fn print(
        &mut self,
        event: EventRef<'_>,
        origin: Option<&str>,
        out: &mut Vec<u8>,
    ) -> ControlFlow<()> {
        let wanted = self.event_types;
        if !wanted.is_empty() && !wanted.iter().any(|name| name == event.event_type) {
            return ControlFlow::Continue(());
        }
        match self.format {
            Format::Text(paint) => text::write_event(out, event, paint),
            Format::Json => json::write_event(out, event, origin),
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
            Some(left) if *left == 1 => ControlFlow::Break(()),
            Some(left) => {
                *left -= 1;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Continue(()),
        }
    }
}
