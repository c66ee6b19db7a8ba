//! Standard output that does not hold up what reads the events, and standard error. In: text. Out:
//! the same, in as few writes as there were waits.
//!
//! Next: `follow.rs` says when, `exit.rs` what an error here means.

use std::io;

use tokio::io::{AsyncWriteExt, Stdout};

use crate::exit::Ending;
use crate::note::note;

/// More than this is written without waiting for a pause.
const FULL: usize = 64 * 1024;

/// Collects what is to be printed until there is time to print it.
#[derive(Debug)]
pub(crate) struct Output {
    stdout: Stdout,
    /// For standard output, not written yet.
    pub(crate) buffer: Vec<u8>,
    /// For standard error, once what came before is written.
    notes: Vec<String>,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self {
            stdout: tokio::io::stdout(),
            buffer: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a line for standard error.
    pub(crate) fn note(&mut self, line: String) {
        self.notes.push(line);
    }

    /// Writes everything.
    pub(crate) async fn flush(&mut self) -> Result<(), Ending> {
        if !self.buffer.is_empty() {
            let written = self.write().await;
            self.buffer.clear();
            written.map_err(|error| Ending::of_output(&error))?;
        }
        for line in self.notes.drain(..) {
            note(&line);
        }
        Ok(())
    }

    /// Writes everything if it cannot wait.
    pub(crate) async fn flush_if_due(&mut self) -> Result<(), Ending> {
        if self.buffer.len() < FULL && self.notes.is_empty() {
            return Ok(());
        }
        self.flush().await
    }

    async fn write(&mut self) -> io::Result<()> {
        self.stdout.write_all(&self.buffer).await?;
        self.stdout.flush().await
    }
}
