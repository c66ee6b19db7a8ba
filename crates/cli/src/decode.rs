//! `wellspring decode`. In: the bytes of an event stream, from a file or standard input. Out: a JSON
//! line for each event, written as soon as the bytes that complete it have been read.
//!
//! Next: `json.rs`.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use wellspring::LimitExceeded;
use wellspring_proto::{Decoder, Item, Limits};

use crate::args;
use crate::exit::Ending;
use crate::json::{self, Extras};
use crate::looks::{self, HEAD};
use crate::note::note;

const CHUNK: usize = 64 * 1024;

pub(crate) fn run(args: &args::Decode) -> Result<(), Ending> {
    let limits = args.limits.for_decoder();
    match args.file.as_deref() {
        None => decode(io::stdin().lock(), "standard input", limits),
        Some(path) if path == Path::new("-") => {
            decode(io::stdin().lock(), "standard input", limits)
        }
        Some(path) => {
            let name = path.display().to_string();
            let file = File::open(path)
                .map_err(|error| Ending::usage(format_args!("cannot open {name}: {error}")))?;
            decode(file, &name, limits)
        }
    }
}

fn decode(mut input: impl Read, name: &str, limits: Limits) -> Result<(), Ending> {
    let mut decoder = Decoder::with_limits(limits);
    let mut chunk = vec![0; CHUNK];
    let mut lines = Vec::new();
    let extras = Extras {
        for_terminal: io::stdout().is_terminal(),
        ..Extras::default()
    };
    let (mut events, mut head) = (0_u64, Vec::new());
    let mut stdout = io::stdout().lock();
    loop {
        let length = match input.read(&mut chunk) {
            Ok(0) => {
                end(&decoder, events, &head, name);
                return Ok(());
            }
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(Ending::failed(format_args!("cannot read {name}: {error}")));
            }
        };
        let unseen = HEAD - head.len();
        head.extend_from_slice(&chunk[..length.min(unseen)]);
        let decoded = decoder.decode(&chunk[..length], |item| {
            if let Item::Event(event) = item {
                events += 1;
                json::write_event(&mut lines, event, extras);
            }
            ControlFlow::Continue(())
        });
        let written = stdout.write_all(&lines).and_then(|()| stdout.flush());
        written.map_err(|error| Ending::of_output(&error))?;
        lines.clear();
        decoded.map_err(|error| exceeded(&error, name))?;
    }
}

/// Says what a reader of the lines would not see.
fn end(decoder: &Decoder, events: u64, head: &[u8], name: &str) {
    let bytes = decoder.bytes_read();
    if decoder.has_pending_data() {
        note(&format!(
            "wellspring: {name}: ended inside an event, which is left out: no blank line follows its \
             data (byte {bytes})"
        ));
    } else if events == 0 {
        let looks =
            looks::like(head).map_or_else(String::new, |what| format!("; it looks like {what}"));
        note(&format!(
            "wellspring: {name}: no event in {bytes} bytes{looks}"
        ));
    }
}

fn exceeded(error: &LimitExceeded, name: &str) -> Ending {
    Ending::failed(format_args!(
        "{name}: stopped at byte {}: the {kind} there is longer than {} bytes; raise --max-{kind} to \
         read on; the events before it are complete",
        error.offset,
        error.limit,
        kind = error.kind
    ))
}
