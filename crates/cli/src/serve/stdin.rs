//! Standard input, published as it comes. In: bytes. Out: events in the channel; a line on standard
//! error for each that is not usable, and one at the end.
//!
//! Next: `intake.rs` makes blocks of bytes.

use std::io::ErrorKind;
use std::sync::atomic::Ordering;

use tokio::io::{AsyncRead, AsyncReadExt};
use wellspring_server::{Block, Channel, PublishError};

use crate::args::Format;
use crate::exit::Ending;
use crate::note::note;
use crate::text;

use super::intake::{Intake, PUBLISH_LIMIT, Unusable};
use super::metrics::Counters;

const CHUNK: usize = 64 * 1024;

/// Publishes all there is; returns how many events that were.
pub(super) async fn publish(
    mut input: impl AsyncRead + Unpin,
    format: Format,
    channel: &Channel,
    counters: &Counters,
) -> Result<u64, Ending> {
    let mut intake = Intake::new(format, PUBLISH_LIMIT);
    let unit = intake.unit();
    let mut published = 0;
    let mut take = |number: u64, block: Result<Block<'_>, Unusable>| {
        let refused = |error| match error {
            // The program is ending.
            PublishError::Closed => None,
            error => Some(Unusable::Refused(error)),
        };
        let unusable = match block {
            Ok(block) => channel.publish(block).err().and_then(refused),
            Err(unusable) => Some(unusable),
        };
        match unusable {
            None => published += 1,
            Some(unusable) => {
                counters.skipped.fetch_add(1, Ordering::Relaxed);
                let line = format!("wellspring: {unit} {number} skipped: {unusable}");
                note(&text::visible(&line));
            }
        }
    };
    let mut chunk = vec![0; CHUNK];
    loop {
        match input.read(&mut chunk).await {
            Ok(0) => break,
            Ok(length) => intake.read(&chunk[..length], &mut take),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(Ending::failed(format_args!(
                    "cannot read standard input: {error}"
                )));
            }
        }
    }
    intake.end(&mut take);
    Ok(published)
}
