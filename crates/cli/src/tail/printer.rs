//! How an event looks. In: events. Out: those that were asked for, in the format that was, as often as
//! was.
//!
//! Next: `../text.rs`, `../json.rs`, `stream.rs`.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::time::{Duration, SystemTime};

use wellspring::EventRef;
use wellspring_proto::Block;

use super::stamp;
use super::stream::Stream;
use crate::args;
use crate::json::{self, Extras};
use crate::paint::Paint;
use crate::text;

#[derive(Clone, Copy)]
enum Format {
    Text(Paint),
    Json,
    /// As an event stream.
    Sse,
    /// The data as it is.
    Data,
    /// The data, for a terminal that should not obey it.
    VisibleData,
    /// A command has the events.
    Nothing,
}

impl Format {
    fn of(args: &args::Tail) -> Self {
        match (args.json, args.data_only) {
            _ if args.sse => Self::Sse,
            _ if args.exec.is_some() => Self::Nothing,
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
    on_terminal: bool,
    /// Of an event stream that is printed.
    stream: Stream,
    timestamps: bool,
    left: Option<u64>,
}

impl<'a> Printer<'a> {
    pub(super) fn new(args: &'a args::Tail) -> Self {
        Self {
            event_types: &args.events,
            format: Format::of(args),
            on_terminal: io::stdout().is_terminal(),
            stream: Stream::default(),
            timestamps: args.timestamps,
            left: args.count,
        }
    }

    /// Whether the event is one of those that were asked for.
    pub(super) fn wants(&self, event: EventRef<'_>) -> bool {
        let wanted = self.event_types;
        wanted.is_empty() || wanted.iter().any(|name| name == event.event_type)
    }

    /// Appends the event; breaks when that was the last one wanted.
    pub(super) fn print(
        &mut self,
        event: EventRef<'_>,
        origin: Option<&str>,
        out: &mut Vec<u8>,
    ) -> ControlFlow<()> {
        if !self.wants(event) {
            return ControlFlow::Continue(());
        }
        let received = self.timestamps.then(|| stamp::utc(SystemTime::now()));
        let received = received.as_deref();
        match self.format {
            Format::Text(paint) => {
                text::write_event_after(received.unwrap_or_default(), out, event, paint);
            }
            Format::Json => {
                let extras = Extras {
                    origin,
                    received,
                    for_terminal: self.on_terminal,
                };
                json::write_event(out, event, extras);
            }
            Format::Nothing => {}
            Format::Sse => {
                let begin = out.len();
                self.stream.write_event(out, event);
                self.spell_out(out, begin);
            }
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

    /// An id without an event; only an event stream can say it.
    pub(super) fn print_id(&mut self, id: &str, out: &mut Vec<u8>) {
        if let Format::Sse = self.format {
            let begin = out.len();
            self.stream.write_id(out, id);
            self.spell_out(out, begin);
        }
    }

    /// The reconnection time; only an event stream can say it.
    pub(super) fn print_retry(&self, time: Duration, out: &mut Vec<u8>) {
        if let Format::Sse = self.format {
            Block::empty().retry(time).encode_into(out);
        }
    }

    /// What a terminal would obey is spelled out there.
    fn spell_out(&self, out: &mut Vec<u8>, begin: usize) {
        if !self.on_terminal {
            return;
        }
        let lines = String::from_utf8_lossy(&out[begin..]).into_owned();
        out.truncate(begin);
        for line in lines.split_inclusive('\n') {
            out.extend_from_slice(text::visible(line.trim_end_matches('\n')).as_bytes());
            out.push(b'\n');
        }
    }
}
