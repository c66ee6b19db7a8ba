//! Certificates that are renewed while the program runs. In: their files. Out: connections made from then on
//! get the new ones; a pair that cannot be used changes nothing.
//!
//! Next: back to `../tls.rs`.

use std::time::Duration;

use tokio::task::spawn_blocking;

use crate::note::note;

use super::current::Current;
use super::files::{Files, Stamps};

/// How often the files are looked at. They are read when they have stayed the same for as long: the two
/// are written one after the other.
const INTERVAL: Duration = Duration::from_secs(2);

/// Reads certificate files again.
#[derive(Debug)]
pub(crate) struct Reload {
    current: Current,
    files: Files,
    /// When they were last read, whether or not they could be used.
    read: Stamps,
    /// When they were last looked at.
    seen: Stamps,
}

impl Reload {
    /// Of files that have just been read, and looked like this before.
    pub(super) fn new(current: Current, files: Files, read: Stamps) -> Self {
        Self {
            current,
            files,
            read,
            seen: read,
        }
    }

    /// Reads the files whenever they change. Never done; may be dropped and called again.
    pub(crate) async fn on_change(&mut self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            let files = self.files.clone();
            let Ok(stamps) = spawn_blocking(move || files.stamps()).await else {
                continue;
            };
            let settled = stamps == self.seen;
            self.seen = stamps;
            if settled && stamps != self.read {
                self.now().await;
            }
        }
    }

    /// Reads the files, and says what came of it.
    pub(crate) async fn now(&mut self) {
        let files = self.files.clone();
        let read = spawn_blocking(move || (files.stamps(), files.read())).await;
        let Ok((stamps, read)) = read else {
            return;
        };
        self.read = stamps;
        let path = self.files.certificate.display();
        match read {
            Ok(configuration) => {
                self.current.replace(configuration);
                note(&format!(
                    "wellspring: new connections get the certificate in {path}"
                ));
            }
            Err(why) => note(&format!(
                "wellspring: {why}; keeping the certificate read before"
            )),
        }
    }
}
