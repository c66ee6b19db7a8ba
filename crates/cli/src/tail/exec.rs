//! A command for each event. In: an event, and a command. Out: the command's end, waited for: the next
//! event is not read before.
//!
//! Next: back to `../tail.rs`.

use std::io::{self, ErrorKind};
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use wellspring::EventRef;

use crate::exit::Ending;
use crate::plain::{shortened, visible};

#[cfg(unix)]
const SHELL: [&str; 2] = ["sh", "-c"];
#[cfg(windows)]
const SHELL: [&str; 2] = ["cmd", "/C"];

/// A command that is to be run.
pub(super) struct Run {
    command: Command,
    data: Vec<u8>,
    /// The event, for an error.
    event: String,
    /// How many bytes its id and its type have.
    sizes: [usize; 2],
}

impl Run {
    /// What a server sends never becomes a part of the command: it is standard input and environment.
    pub(super) fn new(command: &str, event: EventRef<'_>, origin: &str) -> Self {
        let [shell, option] = SHELL;
        let mut run = Command::new(shell);
        // NUL is all that an environment cannot hold.
        let value = |text: &str| text.replace('\0', "\u{FFFD}");
        run.arg(option)
            .arg(command)
            .env("WELLSPRING_TYPE", value(event.event_type))
            .env("WELLSPRING_ID", value(event.last_event_id))
            .env("WELLSPRING_ORIGIN", value(origin))
            .stdin(Stdio::piped())
            .kill_on_drop(true);
        Self {
            command: run,
            data: event.data.as_bytes().to_vec(),
            event: format!(
                "{} [{}]",
                shortened(&visible(event.event_type)),
                shortened(&visible(event.last_event_id))
            ),
            sizes: [event.last_event_id.len(), event.event_type.len()],
        }
    }

    /// Runs it to its end.
    pub(super) async fn wait(mut self) -> Result<(), Ending> {
        let (event, sizes) = (self.event, self.sizes);
        let failed = |error| not_run(&error, &event, sizes);
        let mut child = self.command.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A command need not read what it does not want.
            let _ = stdin.write_all(&self.data).await;
        }
        let status = child.wait().await.map_err(failed)?;
        if status.success() {
            return Ok(());
        }
        Err(Ending::failed(format_args!(
            "the command of --exec failed at event {event}: {status}"
        )))
    }
}

/// The environment has room for some 128 KiB in each variable on Linux, and for less on other systems.
fn not_run(error: &io::Error, event: &str, [id, kind]: [usize; 2]) -> Ending {
    if error.kind() != ErrorKind::ArgumentListTooLong {
        return Ending::failed(format_args!("--exec cannot be run: {error}"));
    }
    let (name, size) = match id >= kind {
        true => ("id", id),
        false => ("type", kind),
    };
    Ending::failed(format_args!(
        "--exec cannot be run at event {event}: its {name} of {size} bytes does not fit into the environment of a \
         command ({error}); choose other events with --event NAME"
    ))
}
