//! `wellspring decode`. In: the bytes of an event stream, from a file or standard input. Out: a JSON
//! line for each event, written as soon as the bytes that complete it have been read.
//!
//! Next: `json.rs`.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use wellspring::LimitExceeded;
use wellspring_proto::{Decoder, Item};

use crate::args;
use crate::exit::Ending;
use crate::json;

const CHUNK: usize = 64 * 1024;

pub(crate) fn run(args: &args::Decode) -> Result<(), Ending> {
    match args.file.as_deref() {
        None => decode(io::stdin().lock(), "standard input"),
        Some(path) if path == Path::new("-") => decode(io::stdin().lock(), "standard input"),
        Some(path) => {
            let name = path.display().to_string();
            let file = File::open(path)
                .map_err(|error| Ending::usage(format_args!("cannot open {name}: {error}")))?;
            decode(file, &name)
        }
    }
}

fn decode(mut input: impl Read, name: &str) -> Result<(), Ending> {
    let mut decoder = Decoder::new();
    let mut chunk = vec![0; CHUNK];
    let mut lines = Vec::new();
    let mut stdout = io::stdout().lock();
    loop {
        let length = match input.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(Ending::failed(format_args!("cannot read {name}: {error}")));
            }
        };
        let decoded = decoder.decode(&chunk[..length], |item| {
            if let Item::Event(event) = item {
                json::write_event(&mut lines, event, None);
            }
            ControlFlow::Continue(())
        });
        let written = stdout.write_all(&lines).and_then(|()| stdout.flush());
        written.map_err(|error| Ending::of_output(&error))?;
        lines.clear();
        decoded.map_err(|error| exceeded(&error, name))?;
    }
}

fn exceeded(error: &LimitExceeded, name: &str) -> Ending {
    Ending::failed(format_args!(
        "{name}: stopped at byte {}: the {} there is longer than {} bytes, the most that is kept in \
         memory; the events before it are complete",
        error.offset, error.kind, error.limit
    ))
}
