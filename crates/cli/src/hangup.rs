//! Hang-ups. In: the signal SIGHUP. Out: that it came, and whether the terminal went away with it.
//!
//! Next: `serve.rs` reloads or ends, `demo.rs` ends.

use std::future::pending;
use std::io::{self, IsTerminal};

use crate::exit::Ending;

/// Watches for SIGHUP. Where the program was started so that it is ignored, as by `nohup`, it stays so.
#[derive(Debug)]
pub(crate) struct HangUps {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
    had_terminal: bool,
}

impl HangUps {
    #[cfg(unix)]
    pub(crate) fn watch() -> Result<Self, Ending> {
        use tokio::signal::unix::{SignalKind, signal};

        let failed = |error| Ending::failed(format_args!("cannot watch for SIGHUP: {error}"));
        let watched = match is_ignored() {
            true => None,
            false => Some(signal(SignalKind::hangup()).map_err(failed)?),
        };
        Ok(Self {
            signal: watched,
            had_terminal: io::stdin().is_terminal(),
        })
    }

    #[cfg(not(unix))]
    pub(crate) fn watch() -> Result<Self, Ending> {
        Ok(Self {
            had_terminal: io::stdin().is_terminal(),
        })
    }

    /// Waits for the next; may be dropped and called again.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        pending::<()>().await;
    }

    /// Whether standard input was a terminal and is none any more.
    pub(crate) fn terminal_is_gone(&self) -> bool {
        self.had_terminal && !io::stdin().is_terminal()
    }
}

/// Linux says so; elsewhere the signal is taken to be wanted.
#[cfg(unix)]
fn is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignores_hang_ups(&status)
}

/// Whether the lowest bit is set in the mask of ignored signals: SIGHUP is number 1.
#[cfg(unix)]
fn ignores_hang_ups(status: &str) -> bool {
    let mut lines = status.lines();
    let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests;
